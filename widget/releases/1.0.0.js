var Gt=new Intl.NumberFormat("en-GB"),zt=new Intl.NumberFormat("en-GB",{minimumFractionDigits:1,maximumFractionDigits:1}),Wt=new Intl.ListFormat("en-GB"),Bt=new Intl.PluralRules("en-GB"),Ut=new Intl.DateTimeFormat("en-GB",{timeStyle:"medium",timeZone:"UTC"}),Ht=new Intl.DateTimeFormat("en-GB",{timeStyle:"short",timeZone:"UTC"}),Pt=new Intl.DateTimeFormat("en-GB",{dateStyle:"medium",timeZone:"UTC"});var jt=new Intl.RelativeTimeFormat("en-GB",{numeric:"auto"});var Yt=new Intl.NumberFormat("en-GB",{minimumFractionDigits:1,maximumFractionDigits:1,signDisplay:"exceptZero"});function E(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,"")}function j({election:e,as_of:t}){let{opens_at:n,closes_at:r}=e,o=Date.parse(t);return r!==null&&o>=Date.parse(r)?"after":n!==null&&o<Date.parse(n)?"before":"during"}function Ye(e){return j(e)==="after"}function O({leader:e,candidates:t}){if(!e)return[];let n=t.find(r=>r.candidate_id===e.candidate_id).total_votes;return t.filter(r=>r.total_votes===n)}function ee({leader:e,catching_up:t}){return e!==null&&e.decided&&!t}function te(e){let{catching_up:t,election:n,totals:r}=e;return t||r.waiting>0?!1:Ye(e)||n.closes_at===null&&Ze(e)}function Ze({totals:e}){return e.voters>0&&e.votes===e.voters}function V(e,t){let n=Math.min(e.length,t.length);for(let r=0;r<n;r++){let o=e.charCodeAt(r),s=t.charCodeAt(r);if(o===s)continue;let u=o>=55296&&o<57344,i=s>=55296&&s<57344;return u===i?o-s:u?1:-1}return e.length-t.length}var ne=8,re=[void 0,"6 3","2 3","8 3 2 3"],Ke=14;function ie(e){let t=[...e].sort((r,o)=>V(r.candidate_id,o.candidate_id)),n=Map.groupBy(t,oe);return new Map(t.map((r,o)=>{let s=oe(r),u=n.get(s).length===1?s:r.candidate_name;return[r.candidate_id,{colour:`var(--candidate-${o%ne+1})`,dashes:re[Math.floor(o/ne)%re.length],shortName:Y(Xe(u),Ke)}]}))}function oe({candidate_name:e}){return e.trim().split(/\s+/).at(-1)}function Xe(e){return e.toWellFormed().replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,"")}function Y(e,t){let n=[...e];return n.length<=t?e:`${n.slice(0,t-1).join("").trimEnd()}\u2026`}function a(e,t={},...n){let r=n.flat().filter(o=>o!==null&&o!==!1&&o!=="");return{tag:e,attributes:t,children:r}}var se="http://www.w3.org/2000/svg",Z=new WeakMap;function F(e,t){let n=[...e.childNodes],r=new Set;t.forEach((o,s)=>{let i=n.find(l=>!r.has(l)&&qe(l,o))??Je(o,e);r.add(i),Qe(i,o),e.childNodes[s]!==i&&e.insertBefore(i,e.childNodes[s]??null)});for(let o of n)r.has(o)||o.remove()}function qe(e,t){if(typeof t=="string")return e.nodeType===Node.TEXT_NODE;let n=Z.get(e);return n?.tag===t.tag&&n.attributes.key===t.attributes.key}function Je(e,t){return typeof e=="string"?document.createTextNode(e):e.tag==="svg"||"namespaceURI"in t&&t.namespaceURI===se?document.createElementNS(se,e.tag):document.createElement(e.tag)}function Qe(e,t){if(typeof t=="string"){e.nodeValue!==t&&(e.nodeValue=t);return}let n=e,r=Z.get(n)?.attributes??{};for(let o of Object.keys({...r,...t.attributes})){let s=t.attributes[o];o!=="key"&&s!==r[o]&&et(n,o,s)}F(n,t.children),Z.set(n,t)}function et(e,t,n){t.startsWith("--")?e.style.setProperty(t,String(n??"")):n===void 0||n===!1?e.removeAttribute(t):e.setAttribute(t,n===!0?"":String(n))}var d={simulated:"Simulated",waiting:"Waiting for results\u2026",unreachable:"The results can't be reached at the moment.",notKept:"Nothing is kept of that time.",noRegion:"No voter is registered in a region of this name.",splitUnknown:"How the votes split here is known once the log is open.",noSnapshot:"The charts appear with the first snapshot of the count, a few seconds after its start.",noCandidates:"The candidates appear here as soon as they are registered.",noVotes:"No votes yet",noVoters:"No voters",votesPerCandidate:"Votes per candidate",candidate:"Candidate",candidates:"candidates",party:"Party",votes:"Votes",share:"Share",leading:"Leading",tied:"Tied",won:"Won",leadingCandidate:"Leading candidate",tiedForFirst:"Tied for first place",winner:"Winner",each:"each",ahead:e=>`${e} ahead`,counted:e=>`${e} counted`,turnout:e=>`Turnout ${e}`,others:(e,t)=>`${e} more with ${t}`,vote:e=>`${e} vote`,votesOf:e=>`${e} votes`,race:"The race",raceLabel:e=>`Votes over time. ${e}`,map:"Who leads where",mapNote:"Each tile: leading candidate, lead in votes, turnout. Tiles have one size, areas have not.",asOf:"As of",lost:"Connection lost, trying again. These are the last figures received.",catchingUp:"These figures are not complete yet.",behind:e=>`The server is reading its log again, at record ${e}. These are the newest figures seen.`,finalResult:"This is the final result.",fullResults:"Full results",tookTheLead:e=>`${e} has taken the lead.`,leads:(e,t)=>`${e} leads by ${t}.`,nowTied:e=>`Tied for first place: ${e}.`};function x(e,t){return a("bdi",{part:t,class:t},E(e))}function _(e){let t=ie(e),n=new Map(e.map(r=>[r.candidate_id,r.party_affiliation]));return r=>{let o=t.get(r),s=tt(n.get(r));return s===""?o:{...o,colour:`var(--teller-party-${s}, ${o.colour})`}}}function tt(e){return e.normalize("NFKD").replace(new RegExp("\\p{M}","gu"),"").toLowerCase().match(/[a-z0-9]+/g)?.join("-")??""}function G({candidates:e},t){let n=e.length===t+1?t+1:t;return{shown:e.slice(0,n),rest:e.slice(n)}}function z(e,t){if(e.length===0)return null;let n=e.reduce((r,{total_votes:o})=>r+o,0);return a("p",{part:"others",class:"soft"},d.others(t.count(e.length),t.votes(n)))}function S(e,t){return a("th",{role:"columnheader",scope:"col",class:t&&"number"},e)}function ae({standing:e,figures:t,limit:n}){if(e.candidates.length===0)return[a("p",{class:"empty"},d.noCandidates)];let r=_(e.candidates),{shown:o,rest:s}=G(e,n),u=nt(o[0].total_votes,e.votes),i=new Set(e.first),l=o.map(m=>a("tr",{key:m.candidate_id,role:"row",part:"row",class:i.has(m)&&"first"},a("th",{role:"rowheader",scope:"row"},x(m.candidate_name,"name"),i.has(m)&&a("span",{part:"mark",class:"mark"},e.mark),x(m.party_affiliation,"party")),a("td",{role:"cell",part:"votes",class:"number"},t.count(m.total_votes)),a("td",{role:"cell",part:"share",class:"number strong"},t.percent(m.total_votes,e.votes)),a("td",{class:"track","aria-hidden":"true"},a("span",{part:"bar",class:"bar","--length":e.votes===0?0:m.total_votes/e.votes/u,"--colour":r(m.candidate_id).colour})))),c=a("tr",{role:"row",class:"head"},S(d.candidate,!1),S(d.votes,!0),S(d.share,!0));return[a("table",{role:"table",part:"table",class:"bars","aria-label":d.votesPerCandidate},a("thead",{role:"rowgroup"},c),a("tbody",{role:"rowgroup"},l)),...[z(s,t)].filter(m=>m!==null)]}function nt(e,t){return t===0?1:Math.min(1,Math.floor(e/t*10+1)/10)}var K=3;function le({standing:e,figures:t,base:n}){let{first:r,margin:o,mark:s,votes:u,candidates:i}=e;if(r.length===0)return[a("p",{class:"empty"},i.length===0?d.noCandidates:d.noVotes)];let l=_(i),c=r.length>1,m=r.slice(0,K).map(({candidate_id:p})=>a("img",{key:p,part:"portrait",src:`${n}portraits/${encodeURIComponent(p)}.svg`,alt:"",width:96,height:96,"--colour":l(p).colour})),f=r.length>K?[a("p",{class:"who"},`${t.count(r.length)} ${d.candidates}`)]:r.map(({candidate_id:p,candidate_name:g,party_affiliation:v})=>a("p",{key:p,class:"who"},x(g,"name"),x(v,"party"))),b=c?d.tiedForFirst:s===d.won?d.winner:d.leadingCandidate;return[a("div",{part:"card",class:"card"},a("div",{class:"faces"},r.length>K?null:m),a("div",{class:"text"},a("p",{part:"kicker",class:"soft"},b),f,a("p",{class:"figures"},a("strong",{part:"votes"},t.votes(r[0].total_votes)),c?` ${d.each}`:""," \xB7 ",a("span",{part:"share"},t.percent(r[0].total_votes,u)),!c&&a("span",{part:"margin"},` \xB7 ${d.ahead(t.count(o))}`))))]}function ce(e,t){return t.election.id===e.results.election.id&&t.version<e.results.version?{results:e.results,serverVersion:t.version}:{results:t,serverVersion:null}}function N(e,t=Math.random()){return Math.min(6e3,1500*2**Math.min(e-1,8))*(.5+t/2)}function W(e,t){return new Promise(n=>{function r(){clearTimeout(o),removeEventListener("online",r),t.removeEventListener("abort",r),n()}let o=setTimeout(r,e);addEventListener("online",r),t.addEventListener("abort",r)})}var rt=8e3,ot=2e3;function A(e,t,n){let r=null,o=null,s=!1,u=0,i=0,l=-1/0,c=!1;function m(){return c||s||u===0||o!==null&&document.hidden?!1:r===null?!0:o!==null&&(r.election.id!==o.election.id||r.version<o.version)}function f(){m()&&(c=!0,setTimeout(async()=>{u>0&&await b(),c=!1,f()},Math.max(0,l-performance.now())))}async function b(){let p=t;try{let g=await fetch(e,{cache:"no-cache",signal:AbortSignal.timeout(rt)});if(g.status===204)p=ot;else if(g.ok)r=await g.json(),n();else if(g.status===400||g.status===404)s=!0,n();else throw new Error(String(g.status));i=0}catch{p=Math.max(N(++i),t===1/0?0:t)}l=performance.now()+p}return{latest:()=>r,isMissing:()=>s,follow(){return u++,f(),()=>{u--}},want(p){o=p,f()}}}var it=6e3,de=4e3,st=5e3,at=3e5;async function me(e,t,n,r){let o=0,s=t==="poll"?1/0:0;for(;!n.aborted;){if(performance.now()>=s){let u=await lt(`${e}api/v1/live`,n,r);if(n.aborted)return;if(r.failing(),u||t==="sse"||!await ue(e,n,r)){o=u?1:o+1,await W(N(o),n);continue}s=performance.now()+at}else if(!await ue(e,n,r)){if(n.aborted)return;r.failing(),t==="auto"&&(s=0),await W(N(++o),n);continue}o=0,await W(st*(.8+.4*Math.random()),n)}}function lt(e,t,n){return new Promise(r=>{let o=new EventSource(e),s=!1,u=setTimeout(i,de);function i(){clearTimeout(u),t.removeEventListener("abort",i),o.close(),r(s)}function l(){clearTimeout(u),u=setTimeout(i,it),n.alive()}o.addEventListener("results",({data:c})=>{s=!0,l(),n.results(JSON.parse(c))}),o.addEventListener("vitals",l),o.addEventListener("error",i),t.addEventListener("abort",i)})}async function ue(e,t,n){let r;try{let o=await fetch(`${e}api/v1/results`,{cache:"no-cache",signal:AbortSignal.timeout(de)});if(!o.ok)return!1;r=await o.json()}catch{return!1}return t.aborted?!1:(n.alive(),n.results(r),!0)}var ct=2e3,ut=5e3,dt=5e3,mt=5e3,fe=new Map;function pe(e,t){let n=`${t} ${e}`,r=fe.get(n);return r||fe.set(n,r=ft(e,t)),r}function ft(e,t){let n=new Set,r=null,o="waiting",s=null,u,i,l=()=>[...n].forEach(h=>h()),c=A(`${e}api/v1/regions`,ct,l),m=A(`${e}charts/data.json`,ut,l);function f(h){r=r?ce(r,h):{results:h,serverVersion:null},c.want(r.results),m.want(r.results),l()}function b(){clearTimeout(u),u=void 0,o!=="live"&&(o="live",l())}function p(){u??=setTimeout(()=>{o="lost",l()},mt)}function g(){clearTimeout(i),i=void 0,!(s||n.size===0||document.hidden)&&(s=new AbortController,me(e,t,s.signal,{results:f,alive:b,failing:p}))}function v(){clearTimeout(i),clearTimeout(u),i=u=void 0,s?.abort(),s=null}function w(){n.size>0&&!document.hidden?g():i??=setTimeout(v,dt)}return document.addEventListener("visibilitychange",w),addEventListener("pagehide",v),addEventListener("pageshow",g),{newest:()=>r,connection:()=>o,regions:c,charts:m,follow(h){return n.add(h),g(),()=>{n.delete(h),w()}}}}function ge(e,t){let n=`?as_of=${encodeURIComponent(t)}`,r=new Set,o=()=>[...r].forEach(i=>i()),s=A(`${e}api/v1/results${n}`,1/0,o),u=A(`${e}charts/data.json${n}`,1/0,o);return{newest(){let i=s.latest();return i&&{results:i,serverVersion:null}},connection:()=>s.isMissing()?"not_kept":s.latest()?"live":"waiting",regions:{...u,latest:()=>pt(u.latest())},charts:u,follow(i){r.add(i);let l=s.follow();return()=>{r.delete(i),l()}}}}function pt(e){if(e===null)return null;let{groups:t,...n}=e,r=t.state.map(({key:o,voters:s,votes:u})=>{let i=u.reduce((l,c)=>l+c,0);return{state:o,count:i,voters:s,turnout:s===0?0:i/s,votes:u}});return{...n,regions:r}}var gt="en-GB",ht=/^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)\b/i,bt=864e5,he=new Map;function be(...e){let t=e.find(vt)??gt,n=he.get(t);return n||he.set(t,n=yt(t)),n}function vt(e){if(!e)return!1;try{return Intl.getCanonicalLocales(e).length===1}catch{return!1}}function yt(e){let t=new Intl.NumberFormat(e),n=new Intl.NumberFormat(e,{style:"percent",minimumFractionDigits:1,maximumFractionDigits:1}),r=new Intl.ListFormat(e,{type:"unit"}),o=new Intl.DateTimeFormat(e,{hour:"2-digit",minute:"2-digit",second:"2-digit",timeZoneName:"short",timeZone:"UTC"}),s=new Intl.DateTimeFormat(e,{dateStyle:"medium",timeZone:"UTC"}),u=new Intl.DateTimeFormat(e,{hour:"2-digit",minute:"2-digit",timeZone:"UTC"}),i=new Intl.DateTimeFormat(e,{day:"numeric",month:"short",hour:"2-digit",timeZone:"UTC"}),l=c=>t.format(c);return{locale:e,isRightToLeft:ht.test(e),count:l,votes:c=>c===1?d.vote(l(c)):d.votesOf(l(c)),percent(c,m){if(m===0||c===0)return n.format(0);let f=Math.round(c*1e3/m);return f===0?`<${n.format(.001)}`:n.format((f>=1e3&&c<m?999:f)/1e3)},list:c=>r.format(c),moment(c,m){let f=new Date(c);return s.format(f)===s.format(m)?o.format(f):`${o.format(f)}, ${s.format(f)}`},tick:(c,m)=>(m>bt?i:u).format(c)}}function ve(e,t){let{newest:{results:n},region:r,figures:o,theme:s,isDark:u}=e,{title:i}=n.election,l=r===null?i:`${i} \xB7 ${r}`;return a("div",{part:"frame",class:["frame",s!=="auto"&&"set",u&&"dark"].filter(Boolean).join(" "),role:"group","aria-label":E(l),lang:"en-GB",dir:o.isRightToLeft?"rtl":void 0},a("header",{part:"header"},a("strong",{part:"simulated",class:"flag"},d.simulated),x(l,"title")),a("div",{part:"body"},...t),wt(e))}function wt({counted:e,asOf:t,figures:n,nowMs:r,base:o,...s}){let u=xt(s,e?.isFinal??!1,n);return a("footer",{part:"footer"},u!==null&&a("span",{part:"notice",class:"notice"},u),e!==null&&a("span",{part:"counted"},d.counted(n.votes(e.votes))),e!==null&&a("span",{part:"turnout"},d.turnout(n.percent(e.votes,e.voters))),a("span",{},`${d.asOf} `,a("time",{part:"time",datetime:t},n.moment(t,r))),a("a",{part:"link",href:o,target:"_blank",rel:"noopener"},d.fullResults))}function xt({newest:e,isLost:t},n,r){return t?d.lost:e.serverVersion!==null?d.behind(r.count(e.serverVersion)):e.results.catching_up?d.catchingUp:n?d.finalResult:null}var L="Elsewhere",T=(e,t,n,r,o)=>({name:e,short:t,column:n,row:r,counties:o.split(", ")}),B=[T("Scotland","Scotland",1,0,"Aberdeen City, Aberdeenshire, Angus, Argyll and Bute, City of Edinburgh, Clackmannanshire, Dumfries and Galloway, Dundee City, East Ayrshire, East Dunbartonshire, East Lothian, East Renfrewshire, Falkirk, Fife, Glasgow City, Highland, Inverclyde, Midlothian, Moray, Na h-Eileanan Siar, North Ayrshire, North Lanarkshire, Orkney Islands, Perth and Kinross, Renfrewshire, Scottish Borders, Shetland Islands, South Ayrshire, South Lanarkshire, Stirling, West Dunbartonshire, West Lothian"),T("Northern Ireland","N Ireland",0,1,"County Antrim, County Armagh, County Down, County Fermanagh, County Londonderry, County Tyrone"),T("North East","North East",2,1,"Durham, Northumberland, Tyne and Wear"),T("North West","North West",1,2,"Cheshire, Cumbria, Greater Manchester, Lancashire, Merseyside"),T("Yorkshire and the Humber","Yorkshire",2,2,"East Riding of Yorkshire, North Yorkshire, South Yorkshire, West Yorkshire"),T("Wales","Wales",0,3,"Clwyd, Dyfed, Gwent, Gwynedd, Mid Glamorgan, Powys, South Glamorgan, West Glamorgan"),T("West Midlands","W Midlands",1,3,"Herefordshire, Shropshire, Staffordshire, Warwickshire, West Midlands, Worcestershire"),T("East Midlands","E Midlands",2,3,"Derbyshire, Leicestershire, Lincolnshire, Northamptonshire, Nottinghamshire, Rutland"),T("East of England","East",3,3,"Bedfordshire, Cambridgeshire, Essex, Hertfordshire, Norfolk, Suffolk"),T("South West","South West",1,4,"Bristol, Cornwall, Devon, Dorset, Gloucestershire, Somerset, Wiltshire"),T("South East","South East",2,4,"Berkshire, Buckinghamshire, East Sussex, Hampshire, Isle of Wight, Kent, Oxfordshire, Surrey, West Sussex"),T("London","London",3,4,"City of London, Greater London")],kt=new Map(B.flatMap(({name:e,counties:t})=>t.map(n=>[n,e])));function X(e){return kt.get(e)??L}var Tt={name:L,short:L,column:3,row:0};function ye({candidates:e,regions:t},n){if(t.some(({votes:l})=>l===null))return[a("p",{class:"empty"},d.splitUnknown)];let r=_(e),o=Map.groupBy(t,({state:l})=>X(l)),s=new Set,u=[...B,Tt].map(({name:l,short:c,column:m,row:f})=>{let b=o.get(l)??[];if(b.length===0&&l===L)return null;let{votes:p,count:g,voters:v}=_t(b,e.length),[w=0,h=0]=p.toSorted((M,$)=>$-M),k=w>h?p.indexOf(w):null;k!==null&&s.add(k);let C=v===0?[d.noVoters]:g===0?[d.noVotes]:k===null?[d.tied,n.percent(g,v)]:[x(r(e[k].candidate_id).shortName,"who"),`+${n.count(w-h)}`,n.percent(g,v)];return a("li",{key:l,part:"tile","--column":m+1,"--row":f+1,"--colour":k===null?void 0:r(e[k].candidate_id).colour,title:l},a("span",{class:"area"},c),C.map((M,$)=>a("span",{key:$,class:"line"},M)))}),i=e.filter((l,c)=>s.has(c)).map(({candidate_id:l,candidate_name:c})=>a("li",{key:l,"--colour":r(l).colour},x(c,"name")));return[a("ul",{part:"map",class:"map",role:"list","aria-label":d.map},...u),a("ul",{part:"key",class:"key",role:"list","aria-hidden":"true"},i),a("p",{class:"soft"},d.mapNote)]}function _t(e,t){let n=new Array(t).fill(0),r=0,o=0;for(let s of e)s.votes.forEach((u,i)=>n[i]+=u),r+=s.count,o+=s.voters;return{votes:n,count:r,voters:o}}var St=["bars","table","card","race","map"];var we=["view","region","limit","theme","locale","as-of","transport","host","announce"];function J(e,t){let n=s=>e.getAttribute(s)?.trim()||null,r=q(St,n("view")),o=Number(n("limit"));return{view:r,region:r==="race"||r==="map"?null:n("region"),limit:Number.isInteger(o)&&o>0?o:10,theme:q(["auto","light","dark"],n("theme")),locale:n("locale"),asOf:n("as-of"),transport:q(["auto","sse","poll"],n("transport")),base:Rt(n("host"),t),announce:e.hasAttribute("announce")}}function q(e,t){return e.find(n=>n===t)??e[0]}function Rt(e,t){try{let{protocol:n,href:r}=new URL(e??t,t);return/^https?:$/.test(n)?r.endsWith("/")?r:`${r}/`:t}catch{return t}}function xe({race:e}){if(e===null)return[];let t=Date.parse(e.from),n=e.series.map(({before:o})=>o),r=[{at:new Date(t),totals:[...n],stretch:n.map(()=>0)}];for(let o=0;o<e.series[0].votes.length;o++){let s=e.series.map(({votes:u})=>u[o]);s.forEach((u,i)=>n[i]+=u),r.push({at:new Date(t+(o+1)*e.every_seconds*1e3),totals:[...n],stretch:s})}return r}function ke(e,t,n){let r=e.map((i,l)=>l).sort((i,l)=>e[i]-e[l]),o=[...e],s=-1/0;for(let i of r)s=o[i]=Math.max(o[i],s+t);let u=n+t;for(let i of r.toReversed())u=o[i]=Math.min(o[i],u-t);return o}var Et=8,U=230,Te=10,_e=26,H=40,Lt=7.5,Q=15,Se=420,Ct=.01;function Le(e,t,n,r,o){let s=Mt(xe(e));if(s.length<2)return[a("p",{class:"empty"},d.noVotes)];let u=_(e.candidates),i=e.candidates.slice(0,Math.min(n,Et)),l=i.map((y,R)=>s.map(({totals:I})=>I[R]/D(I))),c=r<Se?9:14,m=i.map(({candidate_id:y})=>Y(u(y).shortName,c)),f=Math.max(...m.map(y=>y.length),6)*Lt+14,[b,p]=$t(l.flat()),g=s[0].at.getTime(),v=s.at(-1).at.getTime(),w=y=>Ee(H+(r-H-f)*(y-g)/(v-g)),h=y=>Ee(Te+(U-Te-_e)*(p-y)/(p-b)),k=l.map(y=>h(y.at(-1))),C=ke(k,2*Q+2,U-_e-Q),M=Ot(b,p).map(y=>a("g",{key:y},a("line",{class:"rule",x1:H,x2:r-f,y1:h(y),y2:h(y)}),a("text",{class:"soft",x:H-8,y:h(y)+4,"text-anchor":"end"},t.percent(Math.round(y*100),100).replace(/[.,٫]\D?[0٠]/,"")))),$=Nt(g,v,r<Se?2:4).map(y=>a("text",{key:y,class:"soft",x:w(y),y:U-6,"text-anchor":"middle"},t.tick(y,v-g))),Be=i.map(({candidate_id:y},R)=>{let{colour:I,dashes:Ue}=u(y),He=s.map(({at:Pe},je)=>`${w(Pe.getTime())} ${h(l[R][je])}`);return a("g",{key:y,"--colour":I},a("path",{part:"line",class:"line",d:`M${He.join("L")}`,"stroke-dasharray":Ue}),a("circle",{class:"dot",cx:w(v),cy:k[R],r:3.5}),a("text",{part:"label",class:"label",x:r-f+10,y:C[R]},a("tspan",{},m[R]),a("tspan",{class:"strong",x:r-f+10,dy:Q},t.percent(s.at(-1).totals[R],D(s.at(-1).totals)))))});return[a("svg",{part:"chart",class:"race",viewBox:`0 0 ${r} ${U}`,role:"img","aria-label":d.raceLabel(o),direction:"ltr"},...M,...$,...Be.toReversed())]}function Mt(e){let t=D(e.at(-1)?.totals??[]);return e.filter(({totals:n})=>D(n)>0&&D(n)>=t*Ct)}function $t(e){let t=Math.min(...e),n=Math.max(...e),r=Math.max(.01,(n-t)*.1);return[Math.max(0,t-r),Math.min(1,n+r)]}function Ot(e,t){let n=[.01,.02,.05,.1,.2,.25].find(r=>(t-e)/r<=5.5)??.5;return Ce(e,t,n)}var Ft=6e4,Re=[1,2,5,10,15,30,60,120,180,360,720,1440].map(e=>e*Ft);function Nt(e,t,n){let r=Re.find(s=>(t-e)/s<=n+.9)??Re.at(-1),o=(t-e)*.06;return Ce(e+o,t-o,r)}function Ce(e,t,n){let r=Math.ceil(e/n-1e-9),o=Math.floor(t/n+1e-9);return Array.from({length:Math.max(0,o-r+1)},(s,u)=>(r+u)*n)}var D=e=>e.reduce((t,n)=>t+n,0),Ee=e=>Math.round(e*10)/10;function Me(e){let{candidates:t,leader:n,totals:r}=e,o=te(e);return{candidates:t,first:O(e),margin:n?.margin??0,mark:n?.tied?d.tied:o&&ee(e)?d.won:d.leading,isFinal:o&&j(e)==="after",votes:r.votes,voters:r.voters}}function $e({candidates:e,regions:t},n){let r=t.find(({state:m})=>m===n);if(!r)return null;let{votes:o,count:s,voters:u}=r;if(o===null)return"unknown";let i=e.map((m,f)=>({...m,total_votes:o[f]})).sort((m,f)=>f.total_votes-m.total_votes||V(m.candidate_id,f.candidate_id)),l=i[0]?.total_votes??0,c=l===0?[]:i.filter(({total_votes:m})=>m===l);return{candidates:i,first:c,margin:c.length===1?l-(i[1]?.total_votes??0):0,mark:c.length>1?d.tied:d.leading,isFinal:!1,votes:s,voters:u}}var At=["#17408f","#bd5310","#098586","#c957bd","#6f4200","#338ee9","#6c2735","#6b524f"],Dt=["#78adf5","#d9783f","#58e0b8","#b07bb0","#e8bd3a","#9cd0ff","#f5976b","#bf93ae"],Oe=e=>e.map((t,n)=>`--candidate-${n+1}:var(--teller-candidate-${n+1},${t});`).join(""),It=`
:host {
  display: block;
  container-type: inline-size;
  min-inline-size: min(100%, 12rem);
  text-align: start;
}
:host([hidden]) { display: none; }
.frame {
  --ink: var(--teller-ink, inherit);
  --soft: var(--teller-soft, color-mix(in srgb, currentColor 72%, transparent));
  --rule: var(--teller-rule, color-mix(in srgb, currentColor 22%, transparent));
  --flag: var(--teller-flag, #8c3a10);
  --on-flag: var(--teller-on-flag, #fff);
  ${Oe(At)}
  box-sizing: border-box;
  padding: var(--teller-padding, 0);
  border-radius: var(--teller-radius, 0);
  background: var(--teller-paper, transparent);
  color: var(--ink);
  font-family: var(--teller-font, inherit);
  font-size: var(--teller-size, 1rem);
  line-height: 1.4;
  font-variant-numeric: tabular-nums lining-nums;
  overflow-wrap: anywhere;
}
.frame.dark {
  --flag: var(--teller-flag, #f0b48a);
  --on-flag: var(--teller-on-flag, #1b1b19);
  ${Oe(Dt)}
}
.frame.set {
  --ink: var(--teller-ink, #1b1b19);
  padding: var(--teller-padding, 1em);
  background: var(--teller-paper, #fbfaf6);
  color-scheme: light;
}
.frame.set.dark {
  --ink: var(--teller-ink, #ebe9e2);
  background: var(--teller-paper, #15171a);
  color-scheme: dark;
}
* { box-sizing: border-box; }
p, ul, table { margin: 0; padding: 0; }
.soft, .party { color: var(--soft); font-size: 0.85em; }
.strong { font-weight: 700; }
.number { text-align: end; white-space: nowrap; }
.head { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15em 0.6em; margin-block-end: 0.7em; }
.title { font-family: var(--teller-heading-font, inherit); font-size: 1.15em; font-weight: 700; line-height: 1.2; }
.flag {
  padding: 0.15em 0.55em;
  border-radius: calc(var(--teller-radius, 0px) / 2);
  background: var(--flag);
  color: var(--on-flag);
  font-size: 0.7em;
  font-weight: 600;
  letter-spacing: 0.07em;
  text-transform: uppercase;
}
footer { display: flex; flex-wrap: wrap; gap: 0.1em 1em; margin-block-start: 0.8em; color: var(--soft); font-size: 0.8em; }
footer a { color: inherit; text-underline-offset: 0.15em; }
footer .notice { flex-basis: 100%; color: var(--ink); font-weight: 600; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.mark {
  display: inline-block;
  margin-inline: 0.1em 0.5em;
  padding-inline: 0.4em;
  border: 1px solid currentColor;
  border-radius: calc(var(--teller-radius, 0px) / 2);
  font-size: 0.72em;
  font-weight: 600;
  vertical-align: 0.08em;
}
.name { margin-inline-end: 0.45em; }
.first .name { font-weight: 700; }
.empty { padding-block: 0.5em; }

.bars, .bars thead, .bars tbody { display: block; }
.bars tr:not(.head) {
  display: grid;
  grid-template-columns: 1fr auto 4.2em;
  column-gap: 0.6em;
  align-items: baseline;
  padding-block-end: 0.7em;
}
th { padding: 0; font-weight: 400; text-align: start; }
td { padding: 0; }
.track { grid-column: 1 / -1; margin-block-start: 0.2em; }
.bar {
  display: block;
  inline-size: calc(var(--length) * 100%);
  block-size: var(--teller-bar-height, 0.7em);
  border-radius: calc(var(--teller-radius, 0px) / 2);
  background: var(--colour);
  transition: inline-size 600ms cubic-bezier(0.2, 0.7, 0.2, 1);
}

.plain { inline-size: 100%; border-collapse: collapse; }
.plain .head { position: static; clip-path: none; }
.plain th, .plain td { padding-block: 0.4em; padding-inline-end: 0.9em; border-block-end: 1px solid var(--rule); vertical-align: baseline; }
.plain :is(th, td):last-child { padding-inline-end: 0; }
.plain thead th { color: var(--soft); font-size: 0.8em; }
.plain thead .number { font-weight: 400; }
.plain tbody th { padding-inline-start: 0.7em; border-inline-start: 0.25em solid var(--colour); }
.plain thead th:first-child { padding-inline-start: 1.2em; }
@container (inline-size < 26rem) {
  .plain tr { display: grid; grid-template-columns: 1fr auto 3.9em; border-block-end: 1px solid var(--rule); }
  .plain th, .plain td { border-block-end: 0; padding-block: 0.3em; }
  .plain tbody td:nth-child(2) { grid-row: 2; grid-column: 1 / -1; padding-block: 0 0.4em; padding-inline-start: 0.85em; }
  .plain tbody th { padding-inline-start: 0.6em; }
  .plain thead th:nth-child(2) { display: none; }
}

.card { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6em 1em; }
.faces { display: flex; gap: 0.4em; }
.faces img {
  inline-size: clamp(4em, 20cqi, 6em);
  block-size: auto;
  aspect-ratio: 1;
  border-radius: var(--teller-radius, 0);
  border-block-end: 0.3em solid var(--colour);
}
.card .text { flex: 1 1 12em; }
.card .who .name { display: inline-block; font-family: var(--teller-heading-font, inherit); font-size: 1.45em; font-weight: 700; line-height: 1.15; }
.card .figures { margin-block-start: 0.25em; }

.race { display: block; inline-size: 100%; block-size: auto; overflow: visible; font-size: 12.5px; }
.race text { fill: var(--ink); fill: currentColor; }
.race text.soft { fill: var(--soft); font-size: 11.5px; }
.race .rule { stroke: var(--rule); }
.race .line { fill: none; stroke: var(--colour); stroke-width: 2.5; stroke-linejoin: round; }
.race .dot { fill: var(--colour); }
.race .label { fill: var(--colour); font-weight: 600; }

.map { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 4px; list-style: none; }
.map li {
  grid-area: var(--row) / var(--column);
  min-block-size: 5.4em;
  padding: 0.35em 0.4em 0.3em;
  border-block-end: 0.35em solid var(--colour, var(--rule));
  background: color-mix(in srgb, var(--colour, currentColor) 14%, transparent);
  font-size: clamp(0.66em, 2.3cqi, 0.85em);
  line-height: 1.3;
}
.map span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.map .area { font-weight: 700; }
.map .line:last-child { color: var(--soft); }
.map .who { margin: 0; }
.key { display: flex; flex-wrap: wrap; gap: 0.1em 1.2em; margin-block: 0.6em 0.2em; list-style: none; font-size: 0.85em; }
.key li::before { content: ""; display: inline-block; inline-size: 0.7em; block-size: 0.7em; margin-inline-end: 0.45em; background: var(--colour); }

.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
@media (forced-colors: active) {
  .bar, .key li::before { forced-color-adjust: none; background: CanvasText; }
  .flag { border: 1px solid; }
  .race .line, .race .rule { stroke: CanvasText; }
  .race .dot, .race .label, .race text { fill: CanvasText; }
  .map li { border: 1px solid; }
}
`,P;function Fe(){return P||(P=new CSSStyleSheet,P.replaceSync(It)),P}function Ne(e){let{color:t}=getComputedStyle(e),n=(t.match(/-?[\d.]+(e-?\d+)?/g)??[]).map(Number);if(/^(ok)?l(ab|ch)\(/.test(t))return n[0]>(t.startsWith("ok")?.6:55);let[r,o,s]=n,u=t.startsWith("rgb")?255:1;return(.21*r+.72*o+.07*s)/u>.55}function Ae(e){return e.closest("[lang]")?.getAttribute("lang")??null}function De({standing:e,figures:t,limit:n}){if(e.candidates.length===0)return[a("p",{class:"empty"},d.noCandidates)];let r=_(e.candidates),{shown:o,rest:s}=G(e,n),u=new Set(e.first),i=o.map(c=>a("tr",{key:c.candidate_id,role:"row",part:"row",class:u.has(c)&&"first"},a("th",{role:"rowheader",scope:"row","--colour":r(c.candidate_id).colour},x(c.candidate_name,"name"),u.has(c)&&a("span",{part:"mark",class:"mark"},e.mark)),a("td",{role:"cell"},x(c.party_affiliation,"party")),a("td",{role:"cell",part:"votes",class:"number"},t.count(c.total_votes)),a("td",{role:"cell",part:"share",class:"number strong"},t.percent(c.total_votes,e.votes)))),l=a("tr",{role:"row",class:"head"},S(d.candidate,!1),S(d.party,!1),S(d.votes,!0),S(d.share,!0));return[a("table",{role:"table",part:"table",class:"plain","aria-label":d.votesPerCandidate},a("thead",{role:"rowgroup"},l),a("tbody",{role:"rowgroup"},i)),...[z(s,t)].filter(c=>c!==null)]}var Ie={bars:ae,table:De,card:le},Vt="400px";function ze(e){let t=new WeakMap,n=new IntersectionObserver(u=>{for(let{target:i,isIntersecting:l}of u)t.get(i)?.(l)},{rootMargin:Vt}),r=new ResizeObserver(u=>{for(let{target:i}of u)i instanceof s&&i.draw()}),o=matchMedia("(prefers-color-scheme: dark)");class s extends HTMLElement{static observedAttributes=we;#r=this.attachShadow({mode:"open"});#t=J(this,e);#e=null;#o=!1;#n=[];#i=0;#s=null;#d="";#a=()=>this.draw();constructor(){super(),this.#r.adoptedStyleSheets=[Fe()],F(this.#r,[Ve(d.waiting)])}connectedCallback(){t.set(this,i=>{this.#o=i,this.#l()}),n.observe(this),r.observe(this),o.addEventListener("change",this.#a)}disconnectedCallback(){n.unobserve(this),r.unobserve(this),o.removeEventListener("change",this.#a),this.#o=!1,this.#l()}attributeChangedCallback(){let i=this.#t;this.#t=J(this,e);let{base:l,transport:c,asOf:m}=this.#t;l!==i.base||c!==i.transport||m!==i.asOf?(this.#c(),this.#e=null,this.#s=null):this.#c(),this.#l(),this.draw()}#l(){if(!this.#o)return this.#c();if(this.#n.length>0)return;let{base:i,transport:l,asOf:c,view:m,region:f}=this.#t;this.#e??=c===null?pe(i,l):ge(i,c);let{charts:b,regions:p}=this.#e;this.#n.push(this.#e.follow(this.#a)),m==="race"&&this.#n.push(b.follow()),(m==="map"||f!==null)&&this.#n.push(p.follow()),this.draw()}#c(){for(let i of this.#n.splice(0))i()}draw(){this.#i===0&&(this.#i=requestAnimationFrame(()=>{this.#i=0,this.#m()}))}#m(){let{base:i,region:l,theme:c,locale:m,asOf:f,announce:b}=this.#t,p=be(m,Ae(this)),g=this.#e?.newest()??null,v=g&&this.#f(g.results,p),w=this.#e?.connection()??"waiting";if(!g||!v){let C=w==="not_kept"?d.notKept:w==="lost"?d.unreachable:d.waiting;F(this.#r,[Ve(C)]);return}let h=w==="lost",k=ve({newest:g,region:l,counted:v.counted,asOf:v.asOf,isLost:h,figures:p,nowMs:Date.now(),theme:c,isDark:c==="auto"?Ne(this):c==="dark",base:i},v.trees);this.#p(g.results,h,p),F(this.#r,[k,...b&&f===null?[a("div",{class:"unseen",role:"status",lang:"en-GB"},this.#d)]:[]])}#f(i,l){let{view:c,region:m,limit:f,base:b}=this.#t,p=this.#e,g=Me(i);if(c==="race"){let h=p.charts.latest();return h?{trees:Le(h,l,f,this.clientWidth||600,Ge(i,l)),counted:g,asOf:h.as_of}:null}if(c==="map"){let h=p.regions.latest();return h&&{trees:ye(h,l),counted:g,asOf:h.as_of}}if(m===null)return{trees:Ie[c]({standing:g,figures:l,limit:f,base:b}),counted:g,asOf:i.as_of};let v=p.regions.latest();if(!v)return null;let w=$e(v,m);if(w===null||w==="unknown"){let h=w===null?d.noRegion:d.splitUnknown;return{trees:[a("p",{class:"empty"},h)],counted:null,asOf:v.as_of}}return{trees:Ie[c]({standing:w,figures:l,limit:f,base:b}),counted:w,asOf:v.as_of}}#p(i,l,c){let m=O(i),f=m.map(({candidate_id:p})=>p).join(`
`),b=this.#s;this.#s={results:i,leader:f,isLost:l},b?.results!==i&&this.#u("update",{version:i.version,results:i}),b&&b.leader!==f&&(this.#d=Ge(i,c),this.#u("lead-change",{from:b.leader.split(`
`).filter(Boolean),to:m.map(({candidate_id:p})=>p),results:i})),l&&!b?.isLost&&this.#u("stale",{version:i.version,as_of:i.as_of})}#u(i,l){this.dispatchEvent(new CustomEvent(`teller:${i}`,{detail:l,bubbles:!0,composed:!0}))}}return s}function Ve(e){return a("slot",{},a("p",{part:"waiting"},e))}function Ge(e,t){let n=O(e);if(n.length===0)return d.noVotes;let r=t.list(n.map(({candidate_name:o})=>E(o)));return n.length>1?d.nowTied(r):d.leads(r,t.votes(e.leader.margin))}var We="teller-results";customElements.get(We)||customElements.define(We,ze(new URL("../",import.meta.url).href));

var O="Elsewhere",T=(e,t,n,r,o)=>({name:e,short:t,column:n,row:r,counties:o.split(", ")}),G=[T("Scotland","Scotland",1,0,"Aberdeen City, Aberdeenshire, Angus, Argyll and Bute, City of Edinburgh, Clackmannanshire, Dumfries and Galloway, Dundee City, East Ayrshire, East Dunbartonshire, East Lothian, East Renfrewshire, Falkirk, Fife, Glasgow City, Highland, Inverclyde, Midlothian, Moray, Na h-Eileanan Siar, North Ayrshire, North Lanarkshire, Orkney Islands, Perth and Kinross, Renfrewshire, Scottish Borders, Shetland Islands, South Ayrshire, South Lanarkshire, Stirling, West Dunbartonshire, West Lothian"),T("Northern Ireland","N Ireland",0,1,"County Antrim, County Armagh, County Down, County Fermanagh, County Londonderry, County Tyrone"),T("North East","North East",2,1,"Durham, Northumberland, Tyne and Wear"),T("North West","North West",1,2,"Cheshire, Cumbria, Greater Manchester, Lancashire, Merseyside"),T("Yorkshire and the Humber","Yorkshire",2,2,"East Riding of Yorkshire, North Yorkshire, South Yorkshire, West Yorkshire"),T("Wales","Wales",0,3,"Clwyd, Dyfed, Gwent, Gwynedd, Mid Glamorgan, Powys, South Glamorgan, West Glamorgan"),T("West Midlands","W Midlands",1,3,"Herefordshire, Shropshire, Staffordshire, Warwickshire, West Midlands, Worcestershire"),T("East Midlands","E Midlands",2,3,"Derbyshire, Leicestershire, Lincolnshire, Northamptonshire, Nottinghamshire, Rutland"),T("East of England","East",3,3,"Bedfordshire, Cambridgeshire, Essex, Hertfordshire, Norfolk, Suffolk"),T("South West","South West",1,4,"Bristol, Cornwall, Devon, Dorset, Gloucestershire, Somerset, Wiltshire"),T("South East","South East",2,4,"Berkshire, Buckinghamshire, East Sussex, Hampshire, Isle of Wight, Kent, Oxfordshire, Surrey, West Sussex"),T("London","London",3,4,"City of London, Greater London")],ot=new Map(G.flatMap(({name:e,counties:t})=>t.map(n=>[n,e])));function Y(e){return ot.get(e)??O}function te({votes:e}){return e.reduce((t,n)=>t+n,0)}function ne({race:e}){if(e===null)return[];let t=Date.parse(e.from),n=e.series.map(({before:o})=>o),r=[{at:new Date(t),totals:[...n],stretch:n.map(()=>0)}];for(let o=0;o<e.series[0].votes.length;o++){let s=e.series.map(({votes:l})=>l[o]);s.forEach((l,i)=>n[i]+=l),r.push({at:new Date(t+(o+1)*e.every_seconds*1e3),totals:[...n],stretch:s})}return r}var Qt=new Intl.NumberFormat("en-GB"),en=new Intl.NumberFormat("en-GB",{minimumFractionDigits:1,maximumFractionDigits:1}),tn=new Intl.ListFormat("en-GB"),nn=new Intl.PluralRules("en-GB"),rn=new Intl.DateTimeFormat("en-GB",{timeStyle:"medium",timeZone:"UTC"}),on=new Intl.DateTimeFormat("en-GB",{timeStyle:"short",timeZone:"UTC"}),sn=new Intl.DateTimeFormat("en-GB",{dateStyle:"medium",timeZone:"UTC"});var an=new Intl.RelativeTimeFormat("en-GB",{numeric:"auto"});var ln=new Intl.NumberFormat("en-GB",{minimumFractionDigits:1,maximumFractionDigits:1,signDisplay:"exceptZero"});function M(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,"")}function Z({election:e,as_of:t}){let{opens_at:n,closes_at:r}=e,o=Date.parse(t);return r!==null&&o>=Date.parse(r)?"after":n!==null&&o<Date.parse(n)?"before":"during"}function it(e){return Z(e)==="after"}function F({leader:e,candidates:t}){if(!e)return[];let n=t.find(r=>r.candidate_id===e.candidate_id).total_votes;return t.filter(r=>r.total_votes===n)}function re({leader:e,catching_up:t}){return e!==null&&e.decided&&!t}function oe(e){let{catching_up:t,election:n,totals:r}=e;return t||r.waiting>0?!1:it(e)||n.closes_at===null&&st(e)}function st({totals:e}){return e.voters>0&&e.votes===e.voters}function z(e,t){let n=Math.min(e.length,t.length);for(let r=0;r<n;r++){let o=e.charCodeAt(r),s=t.charCodeAt(r);if(o===s)continue;let l=o>=55296&&o<57344,i=s>=55296&&s<57344;return l===i?o-s:l?1:-1}return e.length-t.length}var ie=8,se=[void 0,"6 3","2 3","8 3 2 3"],at=14;function le(e){let t=[...e].sort((r,o)=>z(r.candidate_id,o.candidate_id)),n=Map.groupBy(t,ae);return new Map(t.map((r,o)=>{let s=ae(r),l=n.get(s).length===1?s:r.candidate_name;return[r.candidate_id,{colour:`var(--candidate-${o%ie+1})`,dashes:se[Math.floor(o/ie)%se.length],shortName:X(lt(l),at)}]}))}function ae({candidate_name:e}){return e.trim().split(/\s+/).at(-1)}function lt(e){return e.toWellFormed().replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,"")}function X(e,t){let n=[...e];return n.length<=t?e:`${n.slice(0,t-1).join("").trimEnd()}\u2026`}var ce=["bars","table","card","race","map"],ue=["auto","light","dark"],de=["auto","sse","poll"],C="en-GB";function me(e){return e==="bars"||e==="table"||e==="card"}function fe(e,t){return e===t+1?e:Math.min(e,t)}function pe(e){try{return Intl.getCanonicalLocales(e)[0]??null}catch(t){if(t instanceof RangeError)return null;throw t}}function a(e,t={},...n){let r=n.flat().filter(o=>o!==null&&o!==!1&&o!=="");return{tag:e,attributes:t,children:r}}var ge="http://www.w3.org/2000/svg",q=new WeakMap;function A(e,t){let n=[...e.childNodes],r=new Set;t.forEach((o,s)=>{let i=n.find(c=>!r.has(c)&&ct(c,o))??ut(o,e);r.add(i),dt(i,o),e.childNodes[s]!==i&&e.insertBefore(i,e.childNodes[s]??null)});for(let o of n)r.has(o)||o.remove()}function ct(e,t){if(typeof t=="string")return e.nodeType===Node.TEXT_NODE;let n=q.get(e);return n?.tag===t.tag&&n.attributes.key===t.attributes.key}function ut(e,t){return typeof e=="string"?document.createTextNode(e):e.tag==="svg"||"namespaceURI"in t&&t.namespaceURI===ge?document.createElementNS(ge,e.tag):document.createElement(e.tag)}function dt(e,t){if(typeof t=="string"){e.nodeValue!==t&&(e.nodeValue=t);return}let n=e,r=q.get(n)?.attributes??{};for(let o of Object.keys({...r,...t.attributes})){let s=t.attributes[o];o!=="key"&&s!==r[o]&&mt(n,o,s)}A(n,t.children),q.set(n,t)}function mt(e,t,n){t.startsWith("--")?e.style.setProperty(t,String(n??"")):n===void 0||n===!1?e.removeAttribute(t):e.setAttribute(t,n===!0?"":String(n))}var d={simulated:"Simulated",waiting:"Waiting for results\u2026",unreachable:"The results can't be reached at the moment.",notKept:"Nothing is kept of that time.",noRegion:"No voter is registered in a region of this name.",splitUnknown:"How the votes split here is known once the log is open.",noCandidates:"The candidates appear here as soon as they are registered.",noVotes:"No votes yet",noVoters:"No voters",votesPerCandidate:"Votes per candidate",candidate:"Candidate",candidates:"candidates",party:"Party",votes:"Votes",share:"Share",leading:"Leading",tied:"Tied",won:"Won",leadingCandidate:"Leading candidate",tiedForFirst:"Tied for first place",winner:"Winner",each:"each",ahead:e=>`${e} ahead`,counted:e=>`${e} counted`,turnout:e=>`Turnout ${e}`,others:(e,t)=>`${e} more with ${t}`,vote:e=>`${e} vote`,votesOf:e=>`${e} votes`,raceLabel:e=>`Votes over time. ${e}`,map:"Who leads where",mapNote:"Each tile: leading candidate, lead in votes, turnout. Tiles have one size, areas have not.",asOf:"As of",lost:"Connection lost, trying again. These are the last figures received.",catchingUp:"These figures are not complete yet.",behind:e=>`The server is reading its log again, at record ${e}. These are the newest figures seen.`,finalResult:"This is the final result.",fullResults:"Full results",leads:(e,t)=>`${e} leads by ${t}.`,nowTied:e=>`Tied for first place: ${e}.`};function x(e,t){return a("bdi",{part:t,class:t},M(e))}function _(e){let t=le(e),n=new Map(e.map(r=>[r.candidate_id,r.party_affiliation]));return r=>{let o=t.get(r),s=ft(n.get(r));return s===""?o:{...o,colour:`var(--teller-party-${s}, ${o.colour})`}}}function ft(e){return e.normalize("NFKD").replace(new RegExp("\\p{M}","gu"),"").toLowerCase().match(/[a-z0-9]+/g)?.join("-")??""}function W({candidates:e},t){let n=fe(e.length,t);return{shown:e.slice(0,n),rest:e.slice(n)}}function U(e,t){if(e.length===0)return null;let n=e.reduce((r,{total_votes:o})=>r+o,0);return a("p",{part:"others",class:"soft"},d.others(t.count(e.length),t.votes(n)))}function E(e,t){return a("th",{role:"columnheader",scope:"col",class:t&&"number"},e)}function he({standing:e,figures:t,limit:n}){if(e.candidates.length===0)return[a("p",{class:"empty"},d.noCandidates)];let r=_(e.candidates),{shown:o,rest:s}=W(e,n),l=pt(o[0].total_votes,e.votes),i=new Set(e.first),c=o.map(m=>a("tr",{key:m.candidate_id,role:"row",part:"row",class:i.has(m)&&"first"},a("th",{role:"rowheader",scope:"row"},x(m.candidate_name,"name")," ",i.has(m)&&a("span",{part:"mark",class:"mark"},e.mark)," ",x(m.party_affiliation,"party")),a("td",{role:"cell",part:"votes",class:"number"},t.count(m.total_votes)),a("td",{role:"cell",part:"share",class:"number strong"},t.percent(m.total_votes,e.votes)),a("td",{class:"track","aria-hidden":"true"},a("span",{part:"bar",class:"bar","--length":e.votes===0?0:m.total_votes/e.votes/l,"--colour":r(m.candidate_id).colour})))),u=a("tr",{role:"row",class:"head"},E(d.candidate,!1),E(d.votes,!0),E(d.share,!0));return[a("table",{role:"table",part:"table",class:"bars","aria-label":d.votesPerCandidate},a("thead",{role:"rowgroup"},u),a("tbody",{role:"rowgroup"},c)),...[U(s,t)].filter(m=>m!==null)]}function pt(e,t){return t===0?1:Math.min(1,Math.floor(e/t*10+1)/10)}var K=3;function be({standing:e,figures:t,base:n}){let{first:r,margin:o,mark:s,votes:l,candidates:i}=e;if(r.length===0)return[a("p",{class:"empty"},i.length===0?d.noCandidates:d.noVotes)];let c=_(i),u=r.length>1,m=r.slice(0,K).map(({candidate_id:p})=>a("img",{key:p,part:"portrait",src:`${n}portraits/${encodeURIComponent(p)}.svg`,alt:"",width:96,height:96,"--colour":c(p).colour})),f=r.length>K?[a("p",{class:"who"},`${t.count(r.length)} ${d.candidates}`)]:r.map(({candidate_id:p,candidate_name:g,party_affiliation:v})=>a("p",{key:p,class:"who"},x(g,"name")," ",x(v,"party"))),b=u?d.tiedForFirst:s===d.won?d.winner:d.leadingCandidate;return[a("div",{part:"card",class:"card"},a("div",{class:"faces"},r.length>K?null:m),a("div",{class:"text"},a("p",{part:"kicker",class:"soft"},b),f,a("p",{class:"figures"},a("strong",{part:"votes"},t.votes(r[0].total_votes)),u?` ${d.each}`:""," \xB7 ",a("span",{part:"share"},t.percent(r[0].total_votes,l)),!u&&a("span",{part:"margin"},` \xB7 ${d.ahead(t.count(o))}`))))]}function ve(e,t){return t.election.id===e.results.election.id&&t.version<e.results.version?{results:e.results,serverVersion:t.version}:{results:t,serverVersion:null}}function N(e,t=Math.random()){return Math.min(6e3,1500*2**Math.min(e-1,8))*(.5+t/2)}function B(e,t){return new Promise(n=>{function r(){clearTimeout(o),removeEventListener("online",r),t.removeEventListener("abort",r),n()}let o=setTimeout(r,e);addEventListener("online",r),t.addEventListener("abort",r)})}var gt=8e3,ht=2e3,bt=3e4;function D(e,t,n){let r=null,o=null,s=!1,l=0,i=0,c=-1/0,u=!1;function m(){return u||l===0||o!==null&&document.hidden?!1:r===null?!0:o!==null&&(r.election.id!==o.election.id||r.version<o.version)}function f(){m()&&(u=!0,setTimeout(async()=>{l>0&&await b(),u=!1,f()},Math.max(0,c-performance.now())))}async function b(){let p=t;try{let g=await fetch(e,{cache:"no-cache",signal:AbortSignal.timeout(gt)});if(g.status===204)p=ht;else if(g.ok)r=await g.json(),s=!1,n();else if(g.status===400||g.status===404)s=!0,p=bt,n();else throw new Error(String(g.status));i=0}catch{p=Math.max(N(++i),t===1/0?0:t)}c=performance.now()+p}return{latest:()=>r,isMissing:()=>s,follow(){return l++,f(),()=>{l--}},want(p){o=p,f()}}}var vt=6e3,we=4e3,yt=5e3,wt=3e5;async function xe(e,t,n,r){let o=0,s=t==="poll"?1/0:0;for(;!n.aborted;){if(performance.now()>=s){let l=await xt(`${e}api/v1/live`,n,r);if(n.aborted)return;if(r.failing(),l||t==="sse"||!await ye(e,n,r)){o=l?1:o+1,await B(N(o),n);continue}s=performance.now()+wt}else if(!await ye(e,n,r)){if(n.aborted)return;r.failing(),t==="auto"&&(s=0),await B(N(++o),n);continue}o=0,await B(yt*(.8+.4*Math.random()),n)}}function xt(e,t,n){return new Promise(r=>{let o=new EventSource(e),s=!1,l=setTimeout(i,we);function i(){clearTimeout(l),t.removeEventListener("abort",i),o.close(),r(s)}function c(){clearTimeout(l),l=setTimeout(i,vt),n.alive()}o.addEventListener("results",({data:u})=>{s=!0,c(),n.results(JSON.parse(u))}),o.addEventListener("vitals",c),o.addEventListener("error",i),t.addEventListener("abort",i)})}async function ye(e,t,n){let r;try{let o=await fetch(`${e}api/v1/results`,{cache:"no-cache",signal:AbortSignal.timeout(we)});if(!o.ok)return!1;r=await o.json()}catch{return!1}return t.aborted?!1:(n.alive(),n.results(r),!0)}var Tt=2e3,kt=5e3,_t=5e3,St=5e3,Te=new Map;function ke(e,t){let n=`${t} ${e}`,r=Te.get(n);return r||Te.set(n,r=Et(e,t)),r}function Et(e,t){let n=new Set,r=null,o="waiting",s=null,l,i,c=()=>[...n].forEach(w=>w()),u=D(`${e}api/v1/regions`,Tt,c),m=D(`${e}charts/data.json`,kt,c);function f(w){r=r?ve(r,w):{results:w,serverVersion:null},u.want(r.results),m.want(r.results),c()}function b(){clearTimeout(l),l=void 0,o!=="live"&&(o="live",c())}function p(){l??=setTimeout(()=>{o="lost",c()},St)}function g(){clearTimeout(i),i=void 0,!(s||n.size===0||document.hidden)&&(s=new AbortController,xe(e,t,s.signal,{results:f,alive:b,failing:p}))}function v(){clearTimeout(i),clearTimeout(l),i=l=void 0,s?.abort(),s=null}function h(){n.size>0&&!document.hidden?g():i??=setTimeout(v,_t)}return document.addEventListener("visibilitychange",h),addEventListener("pagehide",v),addEventListener("pageshow",g),{newest:()=>r,connection:()=>o,regions:u,charts:m,follow(w){return n.add(w),g(),()=>{n.delete(w),h()}}}}function _e(e,t){let n=`?as_of=${encodeURIComponent(t)}`,r=new Set,o=()=>[...r].forEach(i=>i()),s=D(`${e}api/v1/results${n}`,1/0,o),l=D(`${e}charts/data.json${n}`,1/0,o);return{newest(){let i=s.latest();return i&&{results:i,serverVersion:null}},connection:()=>s.isMissing()?"not_kept":s.latest()?"live":"waiting",regions:{...l,latest:()=>Rt(l.latest())},charts:l,follow(i){r.add(i);let c=s.follow();return()=>{r.delete(i),c()}}}}function Rt(e){if(e===null)return null;let{groups:t,...n}=e,r=t.state.map(({key:o,voters:s,votes:l})=>{let i=l.reduce((c,u)=>c+u,0);return{state:o,count:i,voters:s,turnout:s===0?0:i/s,votes:l}});return{...n,regions:r}}function Se(e){let t=new Intl.NumberFormat([e,C]),n=new Intl.NumberFormat([e,C],{style:"percent",minimumFractionDigits:1,maximumFractionDigits:1}),r=new Intl.DateTimeFormat([e,C],{dateStyle:"medium",timeStyle:"medium",timeZone:"UTC"});return{count:o=>t.format(o),percent(o,s){if(s===0||o===0)return n.format(0);let l=Math.round(o*1e3/s);return l===0?`<${n.format(.001)}`:n.format((l>=1e3&&o<s?999:l)/1e3)},moment:o=>`${r.format(new Date(o))} UTC`}}var Lt=/^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)\b/i,Ot=864e5,Mt=18e4,Ee=new Map;function Re(...e){let t=e.map(r=>r?pe(r):null).find(r=>r!==null)??C,n=Ee.get(t);return n||Ee.set(t,n=Ct(t)),n}function Ct(e){let{count:t,percent:n}=Se(e),r=new Intl.ListFormat(e,{type:"unit"}),o=new Intl.DateTimeFormat(e,{hour:"2-digit",minute:"2-digit",second:"2-digit",timeZoneName:"short",timeZone:"UTC"}),s=new Intl.DateTimeFormat(e,{dateStyle:"medium",timeZone:"UTC"}),l=new Intl.DateTimeFormat(e,{hour:"2-digit",minute:"2-digit",timeZone:"UTC"}),i=new Intl.DateTimeFormat(e,{timeStyle:"medium",timeZone:"UTC"}),c=new Intl.DateTimeFormat(e,{day:"numeric",month:"short",hour:"2-digit",timeZone:"UTC"});return{locale:e,isRightToLeft:Lt.test(e),count:t,votes:u=>u===1?d.vote(t(u)):d.votesOf(t(u)),percent:n,list:u=>r.format(u),moment(u,m){let f=new Date(u);return s.format(f)===s.format(m)?o.format(f):`${o.format(f)}, ${s.format(f)}`},tick(u,m){return(m>Ot?c:m<Mt?i:l).format(u)}}}function Le(e,t){let{newest:{results:n},region:r,figures:o,theme:s,isDark:l}=e,{title:i}=n.election,c=r===null?i:`${i} \xB7 ${r}`;return a("div",{part:"frame",class:["frame",s!=="auto"&&"set",l&&"dark"].filter(Boolean).join(" "),role:"group","aria-label":M(c),lang:"en-GB",dir:o.isRightToLeft?"rtl":void 0},a("header",{part:"header"},a("strong",{part:"simulated",class:"flag"},d.simulated),x(c,"title")),a("div",{part:"body"},...t),$t(e))}function $t({counted:e,asOf:t,figures:n,nowMs:r,base:o,...s}){let l=Ft(s,e?.isFinal??!1,n);return a("footer",{part:"footer"},l!==null&&a("span",{part:"notice",class:"notice"},l),e!==null&&a("span",{part:"counted"},d.counted(n.votes(e.votes))),e!==null&&a("span",{part:"turnout"},d.turnout(n.percent(e.votes,e.voters))),a("span",{},`${d.asOf} `,a("time",{part:"time",datetime:t},n.moment(t,r))),a("a",{part:"link",href:o,target:"_blank",rel:"noopener"},d.fullResults))}function Ft({newest:e,isLost:t},n,r){return t?d.lost:e.serverVersion!==null?d.behind(r.count(e.serverVersion)):e.results.catching_up?d.catchingUp:n?d.finalResult:null}var At={name:O,short:O,column:3,row:0};function Oe({candidates:e,regions:t},n){if(t.some(({votes:c})=>c===null))return[a("p",{class:"empty"},d.splitUnknown)];let r=_(e),o=Map.groupBy(t,({state:c})=>Y(c)),s=new Set,l=[...G,At].map(({name:c,short:u,column:m,row:f})=>{let b=o.get(c)??[];if(b.length===0&&c===O)return null;let{votes:p,count:g,voters:v}=Nt(b,e.length),[h=0,w=0]=p.toSorted((S,R)=>R-S),k=h>w?p.indexOf(h):null;k!==null&&s.add(k);let $=v===0?[d.noVoters]:g===0?[d.noVotes]:k===null?[d.tied,n.percent(g,v)]:[x(r(e[k].candidate_id).shortName,"who"),`+${n.count(h-w)}`,n.percent(g,v)];return a("li",{key:c,part:"tile","--column":m+1,"--row":f+1,"--colour":k===null?void 0:r(e[k].candidate_id).colour,title:c},a("span",{class:"area"},u),$.map((S,R)=>a("span",{key:R,class:"line"},S)))}),i=e.filter((c,u)=>s.has(u)).map(({candidate_id:c,candidate_name:u})=>a("li",{key:c,"--colour":r(c).colour},x(u,"name")));return[a("ul",{part:"map",class:"map",role:"list","aria-label":d.map},...l),a("ul",{part:"key",class:"key",role:"list","aria-hidden":"true"},i),a("p",{class:"soft"},d.mapNote)]}function Nt(e,t){let n=new Array(t).fill(0),r=0,o=0;for(let s of e)s.votes.forEach((l,i)=>n[i]+=l),r+=s.count,o+=s.voters;return{votes:n,count:r,voters:o}}var Me=["view","region","limit","theme","locale","as-of","transport","host","announce"];function Q(e,t){let n=s=>e.getAttribute(s)?.trim()||null,r=J(ce,n("view")),o=Number(n("limit"));return{view:r,region:me(r)?n("region"):null,limit:Number.isInteger(o)&&o>0?o:10,theme:J(ue,n("theme")),locale:n("locale"),asOf:n("as-of"),transport:J(de,n("transport")),base:It(n("host"),t),announce:e.hasAttribute("announce")}}function J(e,t){return e.find(n=>n===t)??e[0]}function It(e,t){try{let{protocol:n,href:r}=new URL(e??t,t);return/^https?:$/.test(n)?r.endsWith("/")?r:`${r}/`:t}catch{return t}}function Ce(e,t,n){let r=e.map((i,c)=>c).sort((i,c)=>e[i]-e[c]),o=[...e],s=-1/0;for(let i of r)s=o[i]=Math.max(o[i],s+t);let l=n+t;for(let i of r.toReversed())l=o[i]=Math.min(o[i],l-t);return o}var Vt=8,P=230,$e=10,Fe=26,H=40,Gt=7.5,ee=15,Ae=420,zt=.01;function Ie(e,t,n,r,o){let s=Wt(ne(e));if(s.length<2)return[a("p",{class:"empty"},d.noVotes)];let l=_(e.candidates),i=e.candidates.slice(0,Math.min(n,Vt)),c=i.map((y,L)=>s.map(({totals:V})=>V[L]/I(V))),u=r<Ae?9:14,m=i.map(({candidate_id:y})=>X(l(y).shortName,u)),f=Math.max(...m.map(y=>y.length),6)*Gt+14,[b,p]=Ut(c.flat()),g=s[0].at.getTime(),v=s.at(-1).at.getTime(),h=y=>De(H+(r-H-f)*(y-g)/(v-g)),w=y=>De($e+(P-$e-Fe)*(p-y)/(p-b)),k=c.map(y=>w(y.at(-1))),$=Ce(k,2*ee+2,P-Fe-ee),S=Bt(b,p).map(y=>a("g",{key:y},a("line",{class:"rule",x1:H,x2:r-f,y1:w(y),y2:w(y)}),a("text",{class:"soft",x:H-8,y:w(y)+4,"text-anchor":"end"},t.percent(Math.round(y*100),100).replace(/[.,٫]\D?[0٠]/,"")))),R=Ht(g,v,r<Ae?2:4).map(y=>a("text",{key:y,class:"soft",x:h(y),y:P-6,"text-anchor":"middle"},t.tick(y,v-g))),Qe=i.map(({candidate_id:y},L)=>{let{colour:V,dashes:et}=l(y),tt=s.map(({at:nt},rt)=>`${h(nt.getTime())} ${w(c[L][rt])}`);return a("g",{key:y,"--colour":V},a("path",{part:"line",class:"line",d:`M${tt.join("L")}`,"stroke-dasharray":et}),a("circle",{class:"dot",cx:h(v),cy:k[L],r:3.5}),a("text",{part:"label",class:"label",x:r-f+10,y:$[L]},a("tspan",{},m[L]),a("tspan",{class:"strong",x:r-f+10,dy:ee},t.percent(s.at(-1).totals[L],I(s.at(-1).totals)))))});return[a("svg",{part:"chart",class:"race",viewBox:`0 0 ${r} ${P}`,role:"img","aria-label":d.raceLabel(o),direction:"ltr"},...S,...R,...Qe.toReversed())]}function Wt(e){let t=I(e.at(-1)?.totals??[]);return e.filter(({totals:n})=>I(n)>0&&I(n)>=t*zt)}function Ut(e){let t=Math.min(...e),n=Math.max(...e),r=Math.max(.01,(n-t)*.1);return[Math.max(0,t-r),Math.min(1,n+r)]}function Bt(e,t){let n=[.01,.02,.05,.1,.2,.25].find(r=>(t-e)/r<=5.5)??.5;return Ge(e,t,n)}var Ve=1e3,Pt=60*Ve,Ne=[...[10,20,30].map(e=>e*Ve),...[1,2,5,10,15,30,60,120,180,360,720,1440].map(e=>e*Pt)];function Ht(e,t,n){let r=Ne.find(s=>(t-e)/s<=n+.9)??Ne.at(-1),o=(t-e)*.06;return Ge(e+o,t-o,r)}function Ge(e,t,n){let r=Math.ceil(e/n-1e-9),o=Math.floor(t/n+1e-9);return Array.from({length:Math.max(0,o-r+1)},(s,l)=>(r+l)*n)}var I=e=>e.reduce((t,n)=>t+n,0),De=e=>Math.round(e*10)/10;function ze(e){let{candidates:t,leader:n,totals:r}=e,o=oe(e);return{candidates:t,first:F(e),margin:n?.margin??0,mark:n?.tied?d.tied:o&&re(e)?d.won:d.leading,isFinal:o&&Z(e)==="after",votes:r.votes,voters:r.voters}}function We({candidates:e,regions:t},n){let r=t.find(({state:m})=>m===n);if(!r)return null;let{votes:o,count:s,voters:l}=r;if(o===null)return"unknown";let i=e.map((m,f)=>({...m,total_votes:o[f]})).sort((m,f)=>f.total_votes-m.total_votes||z(m.candidate_id,f.candidate_id)),c=i[0]?.total_votes??0,u=c===0?[]:i.filter(({total_votes:m})=>m===c);return{candidates:i,first:u,margin:u.length===1?c-(i[1]?.total_votes??0):0,mark:u.length>1?d.tied:d.leading,isFinal:!1,votes:s,voters:l}}var jt=["#17408f","#bd5310","#098586","#c957bd","#6f4200","#338ee9","#6c2735","#6b524f"],Yt=["#78adf5","#d9783f","#58e0b8","#b07bb0","#e8bd3a","#9cd0ff","#f5976b","#bf93ae"],Ue=e=>e.map((t,n)=>`--candidate-${n+1}:var(--teller-candidate-${n+1},${t});`).join(""),Zt=`
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
  ${Ue(jt)}
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
  ${Ue(Yt)}
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
/* English stands from left to right in whatever it stands. */
footer span, .figures, p.soft, .empty { unicode-bidi: plaintext; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.mark {
  display: inline-block;
  margin-inline: 0.15em;
  padding-inline: 0.4em;
  border: 1px solid currentColor;
  border-radius: calc(var(--teller-radius, 0px) / 2);
  font-size: 0.72em;
  font-weight: 600;
  vertical-align: 0.08em;
}
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
.plain thead th:first-child { padding-inline-start: 1.03em; }
@container (inline-size < 26rem) {
  :is(.bars, .card) .party { display: block; }
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
.card .text { display: flex; flex: 1 1 12em; flex-direction: column; align-items: flex-start; }
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
.key { display: flex; flex-wrap: wrap; gap: 0.1em 1.2em; margin-block: 0.6em 0.2em; list-style: none; font-size: 0.85em; }
.key li::before { content: ""; display: inline-block; inline-size: 0.7em; block-size: 0.7em; margin-inline-end: 0.45em; background: var(--colour); }

.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
@media (forced-colors: active) {
  .bar { forced-color-adjust: none; background: CanvasText; }
  .flag { border: 1px solid; }
  .race .line { stroke: CanvasText; }
  .race .rule { stroke: GrayText; }
  .key { display: none; }
  .race .dot, .race .label, .race text { fill: CanvasText; }
  .map li { border: 1px solid; }
}
`,j;function Be(){return j||(j=new CSSStyleSheet,j.replaceSync(Zt)),j}function Pe(e){let{color:t}=getComputedStyle(e),n=(t.match(/-?[\d.]+(e-?\d+)?/g)??[]).map(Number);if(/^(ok)?l(ab|ch)\(/.test(t))return n[0]>(t.startsWith("ok")?.6:55);let[r,o,s]=n,l=t.startsWith("rgb")?255:1;return(.21*r+.72*o+.07*s)/l>.55}function He(e){return e.closest("[lang]")?.getAttribute("lang")??null}function je({standing:e,figures:t,limit:n}){if(e.candidates.length===0)return[a("p",{class:"empty"},d.noCandidates)];let r=_(e.candidates),{shown:o,rest:s}=W(e,n),l=new Set(e.first),i=o.map(u=>a("tr",{key:u.candidate_id,role:"row",part:"row",class:l.has(u)&&"first"},a("th",{role:"rowheader",scope:"row","--colour":r(u.candidate_id).colour},x(u.candidate_name,"name")," ",l.has(u)&&a("span",{part:"mark",class:"mark"},e.mark)),a("td",{role:"cell"},x(u.party_affiliation,"party")),a("td",{role:"cell",part:"votes",class:"number"},t.count(u.total_votes)),a("td",{role:"cell",part:"share",class:"number strong"},t.percent(u.total_votes,e.votes)))),c=a("tr",{role:"row",class:"head"},E(d.candidate,!1),E(d.party,!1),E(d.votes,!0),E(d.share,!0));return[a("table",{role:"table",part:"table",class:"plain","aria-label":d.votesPerCandidate},a("thead",{role:"rowgroup"},c),a("tbody",{role:"rowgroup"},i)),...[U(s,t)].filter(u=>u!==null)]}var Ye={bars:he,table:je,card:be},Xt="400px";function Ke(e){let t=new WeakMap,n=new IntersectionObserver(l=>{for(let{target:i,isIntersecting:c}of l)t.get(i)?.(c)},{rootMargin:Xt}),r=new ResizeObserver(l=>{for(let{target:i}of l)i instanceof s&&i.draw()}),o=matchMedia("(prefers-color-scheme: dark)");class s extends HTMLElement{static observedAttributes=Me;#r=this.attachShadow({mode:"open"});#t=Q(this,e);#e=null;#o=!1;#n=[];#i=0;#s=null;#c="";#a=()=>this.draw();constructor(){super(),this.#r.adoptedStyleSheets=[Be()],A(this.#r,[Xe(d.waiting)])}connectedCallback(){t.set(this,i=>{this.#o=i,this.#l()}),n.observe(this),r.observe(this),o.addEventListener("change",this.#a)}disconnectedCallback(){n.unobserve(this),r.unobserve(this),o.removeEventListener("change",this.#a),this.#o=!1,this.#l()}attributeChangedCallback(){let i=this.#t;this.#t=Q(this,e);let{base:c,transport:u,asOf:m}=this.#t;(c!==i.base||u!==i.transport||m!==i.asOf)&&(this.#e=null,this.#s=null),this.#u(),this.#l(),this.draw()}#l(){if(!this.#o)return this.#u();if(this.#n.length>0)return;let{base:i,transport:c,asOf:u,view:m,region:f}=this.#t;this.#e??=u===null?ke(i,c):_e(i,u);let{charts:b,regions:p}=this.#e;this.#n.push(this.#e.follow(this.#a)),m==="race"&&this.#n.push(b.follow()),(m==="map"||f!==null)&&this.#n.push(p.follow()),this.draw()}#u(){for(let i of this.#n.splice(0))i()}draw(){this.#i===0&&(this.#i=requestAnimationFrame(()=>{this.#i=0,this.#d()}))}#d(){let{base:i,region:c,theme:u,locale:m,asOf:f,announce:b}=this.#t,p=Re(m,He(this)),g=this.#e?.newest()??null,v=g&&this.#m(g.results,p),h=this.#e?.connection()??"waiting";if(!g||!v){let S=h==="not_kept"?d.notKept:h==="lost"?d.unreachable:d.waiting;A(this.#r,[Xe(S)]);return}let w=h==="lost",k=Le({newest:g,region:c,counted:v.counted,asOf:v.asOf,isLost:w,figures:p,nowMs:Date.now(),theme:u,isDark:u==="auto"?Pe(this):u==="dark",base:i},v.trees),$=this.#f(g.results,w,p);A(this.#r,[k,...b&&f===null?[a("div",{class:"unseen",role:"status",lang:"en-GB"},this.#c)]:[]]);for(let[S,R]of $)this.dispatchEvent(new CustomEvent(`teller:${S}`,{detail:R,bubbles:!0,composed:!0}))}#m(i,c){let{view:u,region:m,limit:f,base:b}=this.#t,p=this.#e;if(u==="race"){let h=p.charts.latest();return h?{trees:Ie(h,c,f,this.clientWidth||600,qe(i,c)),counted:Ze(h.groups.state,te),asOf:h.as_of}:null}if(u==="map"){let h=p.regions.latest();return h?{trees:Oe(h,c),counted:Ze(h.regions,({count:w})=>w),asOf:h.as_of}:null}if(m===null){let h=ze(i);return{trees:Ye[u]({standing:h,figures:c,limit:f,base:b}),counted:h,asOf:i.as_of}}let g=p.regions.latest();if(!g)return null;let v=We(g,m);if(v===null||v==="unknown"){let h=v===null?d.noRegion:d.splitUnknown;return{trees:[a("p",{class:"empty"},h)],counted:null,asOf:g.as_of}}return{trees:Ye[u]({standing:v,figures:c,limit:f,base:b}),counted:v,asOf:g.as_of}}#f(i,c,u){let m=F(i).map(({candidate_id:p})=>p),f=this.#s;this.#s={results:i,leaders:m,isLost:c};let b=[];return f?.results!==i&&b.push(["update",{version:i.version,results:i}]),f&&f.leaders.join(`
`)!==m.join(`
`)&&(this.#c=qe(i,u),b.push(["lead-change",{from:f.leaders,to:m,results:i}])),c&&!f?.isLost&&b.push(["stale",{version:i.version,as_of:i.as_of}]),b}}return s}function Ze(e,t){return{votes:e.reduce((n,r)=>n+t(r),0),voters:e.reduce((n,{voters:r})=>n+r,0),isFinal:!1}}function Xe(e){return a("slot",{},a("p",{part:"waiting"},e))}function qe(e,t){let n=F(e);if(n.length===0)return d.noVotes;let r=t.list(n.map(({candidate_name:o})=>M(o)));return n.length>1?d.nowTied(r):d.leads(r,t.votes(e.leader.margin))}var Je="teller-results";customElements.get(Je)||customElements.define(Je,Ke(new URL("../",import.meta.url).href));

var L="Elsewhere",k=(e,t,n,r,o)=>({name:e,short:t,column:n,row:r,counties:o.split(", ")}),W=[k("Scotland","Scotland",1,0,"Aberdeen City, Aberdeenshire, Angus, Argyll and Bute, City of Edinburgh, Clackmannanshire, Dumfries and Galloway, Dundee City, East Ayrshire, East Dunbartonshire, East Lothian, East Renfrewshire, Falkirk, Fife, Glasgow City, Highland, Inverclyde, Midlothian, Moray, Na h-Eileanan Siar, North Ayrshire, North Lanarkshire, Orkney Islands, Perth and Kinross, Renfrewshire, Scottish Borders, Shetland Islands, South Ayrshire, South Lanarkshire, Stirling, West Dunbartonshire, West Lothian"),k("Northern Ireland","N Ireland",0,1,"County Antrim, County Armagh, County Down, County Fermanagh, County Londonderry, County Tyrone"),k("North East","North East",2,1,"Durham, Northumberland, Tyne and Wear"),k("North West","North West",1,2,"Cheshire, Cumbria, Greater Manchester, Lancashire, Merseyside"),k("Yorkshire and the Humber","Yorkshire",2,2,"East Riding of Yorkshire, North Yorkshire, South Yorkshire, West Yorkshire"),k("Wales","Wales",0,3,"Clwyd, Dyfed, Gwent, Gwynedd, Mid Glamorgan, Powys, South Glamorgan, West Glamorgan"),k("West Midlands","W Midlands",1,3,"Herefordshire, Shropshire, Staffordshire, Warwickshire, West Midlands, Worcestershire"),k("East Midlands","E Midlands",2,3,"Derbyshire, Leicestershire, Lincolnshire, Northamptonshire, Nottinghamshire, Rutland"),k("East of England","East",3,3,"Bedfordshire, Cambridgeshire, Essex, Hertfordshire, Norfolk, Suffolk"),k("South West","South West",1,4,"Bristol, Cornwall, Devon, Dorset, Gloucestershire, Somerset, Wiltshire"),k("South East","South East",2,4,"Berkshire, Buckinghamshire, East Sussex, Hampshire, Isle of Wight, Kent, Oxfordshire, Surrey, West Sussex"),k("London","London",3,4,"City of London, Greater London")],ot=new Map(W.flatMap(({name:e,counties:t})=>t.map(n=>[n,e])));function Y(e){return ot.get(e)??L}function te({votes:e}){return e.reduce((t,n)=>t+n,0)}function ne({race:e}){if(e===null)return[];let t=Date.parse(e.from),n=e.series.map(({before:o})=>o),r=[{at:new Date(t),totals:[...n],stretch:n.map(()=>0)}];for(let o=0;o<e.series[0].votes.length;o++){let i=e.series.map(({votes:l})=>l[o]);i.forEach((l,s)=>n[s]+=l),r.push({at:new Date(t+(o+1)*e.every_seconds*1e3),totals:[...n],stretch:i})}return r}function Z({election:e,as_of:t}){let{opens_at:n,closes_at:r}=e,o=Date.parse(t);return r!==null&&o>=Date.parse(r)?"after":n!==null&&o<Date.parse(n)?"before":"during"}function st(e){return Z(e)==="after"}function M({leader:e,candidates:t}){if(!e)return[];let n=t.find(r=>r.candidate_id===e.candidate_id).total_votes;return t.filter(r=>r.total_votes===n)}function re({leader:e,catching_up:t}){return e!==null&&e.decided&&!t}function oe(e){let{catching_up:t,election:n,totals:r}=e;return t||r.waiting>0?!1:st(e)||n.closes_at===null&&it(e)}function it({totals:e}){return e.voters>0&&e.votes===e.voters}var sn=new Intl.NumberFormat("en-GB"),an=new Intl.NumberFormat("en-GB",{minimumFractionDigits:1,maximumFractionDigits:1}),ln=new Intl.ListFormat("en-GB"),dn=new Intl.PluralRules("en-GB"),cn=new Intl.DateTimeFormat("en-GB",{timeStyle:"medium",timeZone:"UTC"}),un=new Intl.DateTimeFormat("en-GB",{timeStyle:"short",timeZone:"UTC"}),mn=new Intl.DateTimeFormat("en-GB",{dateStyle:"medium",timeZone:"UTC"});var fn=new Intl.RelativeTimeFormat("en-GB",{numeric:"auto"});var pn=new Intl.NumberFormat("en-GB",{minimumFractionDigits:1,maximumFractionDigits:1,signDisplay:"exceptZero"});function R(e){return e.replace(/[\u202a-\u202e\u2066-\u2069]/g,"")}function G(e,t){let n=Math.min(e.length,t.length);for(let r=0;r<n;r++){let o=e.charCodeAt(r),i=t.charCodeAt(r);if(o===i)continue;let l=o>=55296&&o<57344,s=i>=55296&&i<57344;return l===s?o-i:l?1:-1}return e.length-t.length}var se=8,ie=[void 0,"6 3","2 3","8 3 2 3"],at=14;function le(e){let t=[...e].sort((r,o)=>G(r.candidate_id,o.candidate_id)),n=Map.groupBy(t,ae);return new Map(t.map((r,o)=>{let i=ae(r),l=n.get(i).length===1?i:r.candidate_name;return[r.candidate_id,{colour:`var(--candidate-${o%se+1})`,dashes:ie[Math.floor(o/se)%ie.length],shortName:q(dt(l),at)}]}))}function ae({candidate_name:e}){return e.trim().split(/\s+/).at(-1)}function lt(e){return e.toWellFormed().replace(/[\p{Cc}\ufffe\uffff]/gu,"")}function dt(e){return lt(R(e))}function q(e,t){let n=[...e];return n.length<=t?e:`${n.slice(0,t-1).join("").trimEnd()}\u2026`}var de=["bars","table","card","race","map"],ce=["auto","light","dark"],ue=["auto","sse","poll"],C="en-GB";function me(e){return e==="bars"||e==="table"||e==="card"}function fe(e,t){return e===t+1?e:Math.min(e,t)}function pe(e){try{return Intl.getCanonicalLocales(e)[0]??null}catch(t){if(t instanceof RangeError)return null;throw t}}function a(e,t={},...n){let r=n.flat().filter(o=>o!==null&&o!==!1&&o!=="");return{tag:e,attributes:t,children:r}}var ge="http://www.w3.org/2000/svg",K=new WeakMap;function F(e,t){let n=[...e.childNodes],r=new Set;t.forEach((o,i)=>{let s=n.find(d=>!r.has(d)&&ct(d,o))??ut(o,e);r.add(s),mt(s,o),e.childNodes[i]!==s&&e.insertBefore(s,e.childNodes[i]??null)});for(let o of n)r.has(o)||o.remove()}function ct(e,t){if(typeof t=="string")return e.nodeType===Node.TEXT_NODE;let n=K.get(e);return n?.tag===t.tag&&n.attributes.key===t.attributes.key}function ut(e,t){return typeof e=="string"?document.createTextNode(e):e.tag==="svg"||"namespaceURI"in t&&t.namespaceURI===ge?document.createElementNS(ge,e.tag):document.createElement(e.tag)}function mt(e,t){if(typeof t=="string"){e.nodeValue!==t&&(e.nodeValue=t);return}let n=e,r=K.get(n)?.attributes??{};for(let o of Object.keys({...r,...t.attributes})){let i=t.attributes[o];o!=="key"&&i!==r[o]&&ft(n,o,i)}F(n,t.children),K.set(n,t)}function ft(e,t,n){t.startsWith("--")?e.style.setProperty(t,String(n??"")):n===void 0||n===!1?e.removeAttribute(t):e.setAttribute(t,n===!0?"":String(n))}var u={simulated:"Simulated",waiting:"Waiting for results\u2026",unreachable:"The results can't be reached at the moment.",notKept:"Nothing is kept of that time.",noRegion:"No voter is registered in a region of this name.",splitUnknown:"How the votes split here is known once the log is open.",noCandidates:"The candidates appear here as soon as they are registered.",noVotes:"No votes yet",noVoters:"No voters",votesPerCandidate:"Votes per candidate",candidate:"Candidate",candidates:"candidates",party:"Party",votes:"Votes",share:"Share",leading:"Leading",tied:"Tied",won:"Won",leadingCandidate:"Leading candidate",tiedForFirst:"Tied for first place",winner:"Winner",each:"each",ahead:e=>`${e} ahead`,counted:e=>`${e} counted`,turnout:e=>`Turnout ${e}`,others:(e,t)=>`${e} more with ${t}`,vote:e=>`${e} vote`,votesOf:e=>`${e} votes`,raceLabel:e=>`Votes over time. ${e}`,map:"Who leads where",mapNote:"Each tile: leading candidate, lead in votes, turnout. Tiles have one size, areas have not.",asOf:"As of",lost:"Connection lost, trying again. These are the last figures received.",catchingUp:"These figures are not complete yet.",behind:e=>`The server is reading its log again, at record ${e}. These are the newest figures seen.`,finalResult:"This is the final result.",fullResults:"Full results",leads:(e,t)=>`${e} leads by ${t}.`,nowTied:e=>`Tied for first place: ${e}.`};function T(e,t){return a("bdi",{part:t,class:t},R(e))}function _(e){let t=le(e),n=new Map(e.map(r=>[r.candidate_id,r.party_affiliation]));return r=>{let o=t.get(r),i=pt(n.get(r));return i===""?o:{...o,colour:`var(--teller-party-${i}, ${o.colour})`}}}function pt(e){return e.normalize("NFKD").replace(new RegExp("\\p{M}","gu"),"").toLowerCase().match(/[a-z0-9]+/g)?.join("-")??""}function P({candidates:e},t){let n=fe(e.length,t);return{shown:e.slice(0,n),rest:e.slice(n)}}function U(e,t){if(e.length===0)return null;let n=e.reduce((r,{total_votes:o})=>r+o,0);return a("p",{part:"others",class:"soft"},u.others(t.count(e.length),t.votes(n)))}function E(e,t){return a("th",{role:"columnheader",scope:"col",class:t&&"number"},e)}function he({standing:e,figures:t,limit:n}){if(e.candidates.length===0)return[a("p",{class:"empty"},u.noCandidates)];let r=_(e.candidates),{shown:o,rest:i}=P(e,n),l=gt(o[0].total_votes,e.votes),s=new Set(e.first),d=o.map(m=>a("tr",{key:m.candidate_id,role:"row",part:"row",class:s.has(m)&&"first"},a("th",{role:"rowheader",scope:"row"},T(m.candidate_name,"name")," ",s.has(m)&&a("span",{part:"mark",class:"mark"},e.mark)," ",T(m.party_affiliation,"party")),a("td",{role:"cell",part:"votes",class:"number"},t.count(m.total_votes)),a("td",{role:"cell",part:"share",class:"number strong"},t.percent(m.total_votes,e.votes)),a("td",{class:"track","aria-hidden":"true"},a("span",{part:"bar",class:"bar","--length":e.votes===0?0:m.total_votes/e.votes/l,"--colour":r(m.candidate_id).colour})))),c=a("tr",{role:"row",class:"head"},E(u.candidate,!1),E(u.votes,!0),E(u.share,!0));return[a("table",{role:"table",part:"table",class:"bars","aria-label":u.votesPerCandidate},a("thead",{role:"rowgroup"},c),a("tbody",{role:"rowgroup"},d)),...[U(i,t)].filter(m=>m!==null)]}function gt(e,t){return t===0?1:Math.min(1,Math.floor(e/t*10+1)/10)}var X=3;function ve({standing:e,figures:t,base:n}){let{first:r,margin:o,mark:i,votes:l,candidates:s}=e;if(r.length===0)return[a("p",{class:"empty"},s.length===0?u.noCandidates:u.noVotes)];let d=_(s),c=r.length>1,m=r.slice(0,X).map(({candidate_id:p})=>a("img",{key:p,part:"portrait",src:`${n}portraits/${encodeURIComponent(p)}.svg`,alt:"",width:96,height:96,"--colour":d(p).colour})),f=r.length>X?[a("p",{class:"who"},`${t.count(r.length)} ${u.candidates}`)]:r.map(({candidate_id:p,candidate_name:g,party_affiliation:b})=>a("p",{key:p,class:"who"},T(g,"name")," ",T(b,"party"))),v=c?u.tiedForFirst:i===u.won?u.winner:u.leadingCandidate;return[a("div",{part:"card",class:"card"},a("div",{class:"faces"},r.length>X?null:m),a("div",{class:"text"},a("p",{part:"kicker",class:"soft"},v),f,a("p",{class:"figures"},a("strong",{part:"votes"},t.votes(r[0].total_votes)),c?` ${u.each}`:""," \xB7 ",a("span",{part:"share"},t.percent(r[0].total_votes,l)),!c&&a("span",{part:"margin"},` \xB7 ${u.ahead(t.count(o))}`))))]}function be(e,t){return t.election.id===e.results.election.id&&t.version<e.results.version?{results:e.results,serverVersion:t.version}:{results:t,serverVersion:null}}function A(e,t=Math.random()){return Math.min(6e3,1500*2**Math.min(e-1,8))*(.5+t/2)}function z(e,t){return new Promise(n=>{function r(){clearTimeout(o),removeEventListener("online",r),t.removeEventListener("abort",r),n()}let o=setTimeout(r,e);addEventListener("online",r),t.addEventListener("abort",r)})}var ht=8e3,vt=2e3,bt=3e4;function D(e,t,n){let r=null,o=null,i=!1,l=0,s=0,d=-1/0,c=!1;function m(){return c||l===0||document.hidden?!1:r===null?!i||t!==1/0:o!==null&&(r.election.id!==o.election.id||r.version<o.version)}function f(){m()&&(c=!0,setTimeout(async()=>{l>0&&!document.hidden&&await v(),c=!1,f()},Math.max(0,d-performance.now())))}async function v(){let p=t;try{let g=await fetch(e,{cache:"no-cache",signal:AbortSignal.timeout(ht)});if(g.status===204)p=vt;else if(g.ok)r=await g.json(),i=!1,n();else if(g.status===400||g.status===404)i=!0,p=bt,n();else throw new Error(String(g.status));s=0}catch{p=Math.max(A(++s),t===1/0?0:t)}d=performance.now()+p}return{latest:()=>r,isMissing:()=>i,follow(){return l++===0&&document.addEventListener("visibilitychange",f),f(),()=>{--l===0&&document.removeEventListener("visibilitychange",f)}},want(p){o=p,f()}}}var yt=6e3,we=4e3,wt=5e3,Tt=3e5;async function Te(e,t,n,r){let o=0,i=t==="poll"?1/0:0;for(;!n.aborted;){if(performance.now()>=i){let l=await kt(`${e}api/v1/live`,n,r);if(n.aborted)return;if(r.failing(),l||t==="sse"||!await ye(e,n,r)){o=l?1:o+1,await z(A(o),n);continue}i=performance.now()+Tt}else if(!await ye(e,n,r)){if(n.aborted)return;r.failing(),t==="auto"&&(i=0),await z(A(++o),n);continue}o=0,await z(wt*(.8+.4*Math.random()),n)}}function kt(e,t,n){return new Promise(r=>{let o=new EventSource(e),i=!1,l=setTimeout(s,we);function s(){clearTimeout(l),t.removeEventListener("abort",s),o.close(),r(i)}function d(){clearTimeout(l),l=setTimeout(s,yt),n.alive()}o.addEventListener("results",({data:c})=>{i=!0,d(),n.results(JSON.parse(c))}),o.addEventListener("vitals",d),o.addEventListener("error",s),t.addEventListener("abort",s)})}async function ye(e,t,n){let r;try{let o=await fetch(`${e}api/v1/results`,{cache:"no-cache",signal:AbortSignal.timeout(we)});if(!o.ok)return!1;r=await o.json()}catch{return!1}return t.aborted?!1:(n.alive(),n.results(r),!0)}var xt=2e3,_t=5e3,St=5e3,Et=5e3,ke=new Map;function xe(e,t){let n=`${t} ${e}`,r=ke.get(n);return r||ke.set(n,r=Rt(e,t)),r}function Rt(e,t){let n=new Set,r=null,o="waiting",i=null,l,s,d=()=>[...n].forEach(w=>w()),c=D(`${e}api/v1/regions`,xt,d),m=D(`${e}charts/data.json`,_t,d);function f(w){r=r?be(r,w):{results:w,serverVersion:null},c.want(r.results),m.want(r.results),d()}function v(){clearTimeout(l),l=void 0,o!=="live"&&(o="live",d())}function p(){l??=setTimeout(()=>{o="lost",d()},Et)}function g(){clearTimeout(s),s=void 0,!(i||n.size===0||document.hidden)&&(i=new AbortController,Te(e,t,i.signal,{results:f,alive:v,failing:p}))}function b(){clearTimeout(s),clearTimeout(l),s=l=void 0,i?.abort(),i=null}function h(){n.size>0&&!document.hidden?g():s??=setTimeout(b,St)}return document.addEventListener("visibilitychange",h),addEventListener("pagehide",b),addEventListener("pageshow",g),{newest:()=>r,connection:()=>o,regions:c,charts:m,follow(w){return n.add(w),g(),()=>{n.delete(w),h()}}}}function _e(e,t){let n=`?as_of=${encodeURIComponent(t)}`,r=new Set,o=()=>[...r].forEach(s=>s()),i=D(`${e}api/v1/results${n}`,1/0,o),l=D(`${e}charts/data.json${n}`,1/0,o);return{newest(){let s=i.latest();return s&&{results:s,serverVersion:null}},connection:()=>i.isMissing()?"not_kept":i.latest()?"live":"waiting",regions:{...l,latest:()=>$t(l.latest())},charts:l,follow(s){r.add(s);let d=i.follow();return()=>{r.delete(s),d()}}}}function $t(e){if(e===null)return null;let{groups:t,...n}=e,r=t.state.map(({key:o,voters:i,votes:l})=>{let s=l.reduce((d,c)=>d+c,0);return{state:o,count:s,voters:i,turnout:i===0?0:s/i,votes:l}});return{...n,regions:r}}function Se(e){let t=new Intl.NumberFormat([e,C]),n=new Intl.NumberFormat([e,C],{style:"percent",minimumFractionDigits:1,maximumFractionDigits:1}),r=new Intl.DateTimeFormat([e,C],{dateStyle:"medium",timeStyle:"medium",timeZone:"UTC"});return{count:o=>t.format(o),percent(o,i){if(i===0||o===0)return n.format(0);let l=Math.round(o*1e3/i);return l===0?`<${n.format(.001)}`:n.format((l>=1e3&&o<i?999:l)/1e3)},moment:o=>`${r.format(new Date(o))} UTC`}}var Ot=/^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)\b/i,Lt=864e5,Ct=18e4,Ee=new Map;function Re(...e){let t=e.map(r=>r?pe(r):null).find(r=>r!==null)??C,n=Ee.get(t);return n||Ee.set(t,n=Nt(t)),n}function Nt(e){let{count:t,percent:n}=Se(e),r=new Intl.ListFormat(e,{type:"unit"}),o=new Intl.DateTimeFormat(e,{hour:"2-digit",minute:"2-digit",second:"2-digit",timeZoneName:"short",timeZone:"UTC"}),i=new Intl.DateTimeFormat(e,{dateStyle:"medium",timeZone:"UTC"}),l=new Intl.DateTimeFormat(e,{hour:"2-digit",minute:"2-digit",timeZone:"UTC"}),s=new Intl.DateTimeFormat(e,{timeStyle:"medium",timeZone:"UTC"}),d=new Intl.DateTimeFormat(e,{day:"numeric",month:"short",hour:"2-digit",timeZone:"UTC"});return{locale:e,isRightToLeft:Ot.test(e),count:t,votes:c=>c===1?u.vote(t(c)):u.votesOf(t(c)),percent:n,list:c=>r.format(c),moment(c,m){let f=new Date(c);return i.format(f)===i.format(m)?o.format(f):`${o.format(f)}, ${i.format(f)}`},tick(c,m){return(m>Lt?d:m<Ct?s:l).format(c)}}}function $e(e,t){let{newest:{results:n},region:r,figures:o,theme:i,isDark:l}=e,{title:s}=n.election,d=r===null?s:`${s} \xB7 ${r}`;return a("div",{part:"frame",class:["frame",i!=="auto"&&"set",l&&"dark"].filter(Boolean).join(" "),role:"group","aria-label":R(d),lang:"en-GB",dir:o.isRightToLeft?"rtl":void 0},a("header",{part:"header"},a("strong",{part:"simulated",class:"flag"},u.simulated),T(d,"title")),a("div",{part:"body"},...t),Mt(e))}function Mt({counted:e,asOf:t,figures:n,nowMs:r,base:o,...i}){let l=Ft(i,e?.isFinal??!1,n);return a("footer",{part:"footer"},l!==null&&a("span",{part:"notice",class:"notice"},l),e!==null&&a("span",{part:"counted"},u.counted(n.votes(e.votes))),e!==null&&a("span",{part:"turnout"},u.turnout(n.percent(e.votes,e.voters))),a("span",{},`${u.asOf} `,a("time",{part:"time",datetime:t},n.moment(t,r))),a("a",{part:"link",href:o,target:"_blank",rel:"noopener"},u.fullResults))}function Ft({newest:e,isLost:t},n,r){return t?u.lost:e.serverVersion!==null?u.behind(r.count(e.serverVersion)):e.results.catching_up?u.catchingUp:n?u.finalResult:null}var At={name:L,short:L,column:3,row:0};function Oe({candidates:e,regions:t},n){if(t.some(({votes:d})=>d===null))return[a("p",{class:"empty"},u.splitUnknown)];let r=_(e),o=Map.groupBy(t,({state:d})=>Y(d)),i=new Set,l=[...W,At].map(({name:d,short:c,column:m,row:f})=>{let v=o.get(d)??[];if(v.length===0&&d===L)return null;let{votes:p,count:g,voters:b}=Dt(v,e.length),[h=0,w=0]=p.toSorted((S,$)=>$-S),x=h>w?p.indexOf(h):null;x!==null&&i.add(x);let N=b===0?[u.noVoters]:g===0?[u.noVotes]:x===null?[u.tied,n.percent(g,b)]:[T(r(e[x].candidate_id).shortName,"who"),`+${n.count(h-w)}`,n.percent(g,b)];return a("li",{key:d,part:"tile","--column":m+1,"--row":f+1,"--colour":x===null?void 0:r(e[x].candidate_id).colour,title:d},a("span",{class:"area"},c),N.map((S,$)=>a("span",{key:$,class:"line"},S)))}),s=e.filter((d,c)=>i.has(c)).map(({candidate_id:d,candidate_name:c})=>a("li",{key:d,"--colour":r(d).colour},T(c,"name")));return[a("ul",{part:"map",class:"map",role:"list","aria-label":u.map},...l),a("ul",{part:"key",class:"key",role:"list","aria-hidden":"true"},s),a("p",{class:"soft"},u.mapNote)]}function Dt(e,t){let n=new Array(t).fill(0),r=0,o=0;for(let i of e)i.votes.forEach((l,s)=>n[s]+=l),r+=i.count,o+=i.voters;return{votes:n,count:r,voters:o}}var Le=["view","region","limit","theme","locale","as-of","transport","host","announce"];function Q(e,t){let n=i=>e.getAttribute(i)?.trim()||null,r=J(de,n("view")),o=Number(n("limit"));return{view:r,region:me(r)?n("region"):null,limit:Number.isInteger(o)&&o>0?o:10,theme:J(ce,n("theme")),locale:n("locale"),asOf:n("as-of"),transport:J(ue,n("transport")),base:Vt(n("host"),t),announce:e.hasAttribute("announce")}}function J(e,t){return e.find(n=>n===t)??e[0]}function Vt(e,t){try{let{protocol:n,href:r}=new URL(e??t,t);return/^https?:$/.test(n)?r.endsWith("/")?r:`${r}/`:t}catch{return t}}function Ce(e,t,n){let r=e.map((s,d)=>d).sort((s,d)=>e[s]-e[d]),o=[...e],i=-1/0;for(let s of r)i=o[s]=Math.max(o[s],i+t);let l=n+t;for(let s of r.toReversed())l=o[s]=Math.min(o[s],l-t);return o}var Wt=8,B=230,Ne=10,Me=26,H=40,Gt=9,ee=15,Fe=420,Pt=.01;function Ie(e,t,n,r,o){let i=Ut(ne(e));if(i.length<2)return[a("p",{class:"empty"},u.noVotes)];let l=_(e.candidates),s=e.candidates.slice(0,Math.min(n,Wt)),d=s.map((y,O)=>i.map(({totals:V})=>V[O]/I(V))),c=r<Fe?9:14,m=s.map(({candidate_id:y})=>q(l(y).shortName,c)),f=Math.max(...m.map(y=>y.length),6)*Gt+14,[v,p]=zt(d.flat()),g=i[0].at.getTime(),b=i.at(-1).at.getTime(),h=y=>De(H+(r-H-f)*(y-g)/(b-g)),w=y=>De(Ne+(B-Ne-Me)*(p-y)/(p-v)),x=d.map(y=>w(y.at(-1))),N=Ce(x,2*ee+2,B-Me-ee),S=Bt(v,p).map(y=>a("g",{key:y},a("line",{class:"rule",x1:H,x2:r-f,y1:w(y),y2:w(y)}),a("text",{class:"soft",x:H-8,y:w(y)+4,"text-anchor":"end"},t.percent(Math.round(y*100),100).replace(/[.,٫]\D?[0٠]/,"")))),$=jt(g,b,r<Fe?2:4).map(y=>a("text",{key:y,class:"soft",x:h(y),y:B-6,"text-anchor":"middle"},t.tick(y,b-g))),Qe=s.map(({candidate_id:y},O)=>{let{colour:V,dashes:et}=l(y),tt=i.map(({at:nt},rt)=>`${h(nt.getTime())} ${w(d[O][rt])}`);return a("g",{key:y,"--colour":V},a("path",{part:"line",class:"line",d:`M${tt.join("L")}`,"stroke-dasharray":et}),a("circle",{class:"dot",cx:h(b),cy:x[O],r:3.5}),a("text",{part:"label",class:"label",x:r-f+10,y:N[O]},a("tspan",{},m[O]),a("tspan",{class:"strong",x:r-f+10,dy:ee},t.percent(i.at(-1).totals[O],I(i.at(-1).totals)))))});return[a("svg",{part:"chart",class:"race",viewBox:`0 0 ${r} ${B}`,role:"img","aria-label":u.raceLabel(o),direction:"ltr"},...S,...$,...Qe.toReversed())]}function Ut(e){let t=I(e.at(-1)?.totals??[]);return e.filter(({totals:n})=>I(n)>0&&I(n)>=t*Pt)}function zt(e){let t=Math.min(...e),n=Math.max(...e),r=Math.max(.01,(n-t)*.1);return[Math.max(0,t-r),Math.min(1,n+r)]}function Bt(e,t){let n=[.01,.02,.05,.1,.2,.25].find(r=>(t-e)/r<=5.5)??.5;return We(e,t,n)}var Ve=1e3,Ht=60*Ve,Ae=[...[10,20,30].map(e=>e*Ve),...[1,2,5,10,15,30,60,120,180,360,720,1440].map(e=>e*Ht)];function jt(e,t,n){let r=Ae.find(i=>(t-e)/i<=n+.9)??Ae.at(-1),o=(t-e)*.06;return We(e+o,t-o,r)}function We(e,t,n){let r=Math.ceil(e/n-1e-9),o=Math.floor(t/n+1e-9);return Array.from({length:Math.max(0,o-r+1)},(i,l)=>(r+l)*n)}var I=e=>e.reduce((t,n)=>t+n,0),De=e=>Math.round(e*10)/10;function Ge(e){let{candidates:t,leader:n,totals:r}=e,o=oe(e);return{candidates:t,first:M(e),margin:n?.margin??0,mark:n?.tied?u.tied:o&&re(e)?u.won:u.leading,isFinal:o&&Z(e)==="after",votes:r.votes,voters:r.voters}}function Pe({candidates:e,regions:t},n){let r=t.find(({state:m})=>m===n);if(!r)return null;let{votes:o,count:i,voters:l}=r;if(o===null)return"unknown";let s=e.map((m,f)=>({...m,total_votes:o[f]})).sort((m,f)=>f.total_votes-m.total_votes||G(m.candidate_id,f.candidate_id)),d=s[0]?.total_votes??0,c=d===0?[]:s.filter(({total_votes:m})=>m===d);return{candidates:s,first:c,margin:c.length===1?d-(s[1]?.total_votes??0):0,mark:c.length>1?u.tied:u.leading,isFinal:!1,votes:i,voters:l}}var Yt=["#17408f","#bd5310","#098586","#c957bd","#6f4200","#338ee9","#6c2735","#6b524f"],Zt=["#78adf5","#d9783f","#58e0b8","#b07bb0","#e8bd3a","#9cd0ff","#f5976b","#bf93ae"],Ue=e=>e.map((t,n)=>`--candidate-${n+1}:var(--teller-candidate-${n+1},${t});`).join(""),qt=`
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
  ${Ue(Yt)}
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
  ${Ue(Zt)}
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
/* English stands from left to right in whatever it stands; a moment is the locale's. */
footer span, .figures, p.soft, .empty { unicode-bidi: plaintext; }
footer time { unicode-bidi: isolate; }
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
`,j;function ze(){return j||(j=new CSSStyleSheet,j.replaceSync(qt)),j}function Be(e){return Kt(getComputedStyle(e).color)}function Kt(e){let n=(e.replace(/^(color\()?[\w-]+/,"").match(/none|-?[\d.]+(e-?\d+)?/g)??[]).map(s=>Number(s)||0);if(/^(ok)?l(ab|ch)\(/.test(e))return n[0]>(e.startsWith("ok")?.6:55);let[r,o,i]=n,l=.21*r+.72*o+.07*i;return e.startsWith("rgb")?l>.55*255:l>(/^color\((xyz|srgb-linear)/.test(e)?.26:.55)}function He(e){return e.closest("[lang]")?.getAttribute("lang")??null}function je({standing:e,figures:t,limit:n}){if(e.candidates.length===0)return[a("p",{class:"empty"},u.noCandidates)];let r=_(e.candidates),{shown:o,rest:i}=P(e,n),l=new Set(e.first),s=o.map(c=>a("tr",{key:c.candidate_id,role:"row",part:"row",class:l.has(c)&&"first"},a("th",{role:"rowheader",scope:"row","--colour":r(c.candidate_id).colour},T(c.candidate_name,"name")," ",l.has(c)&&a("span",{part:"mark",class:"mark"},e.mark)),a("td",{role:"cell"},T(c.party_affiliation,"party")),a("td",{role:"cell",part:"votes",class:"number"},t.count(c.total_votes)),a("td",{role:"cell",part:"share",class:"number strong"},t.percent(c.total_votes,e.votes)))),d=a("tr",{role:"row",class:"head"},E(u.candidate,!1),E(u.party,!1),E(u.votes,!0),E(u.share,!0));return[a("table",{role:"table",part:"table",class:"plain","aria-label":u.votesPerCandidate},a("thead",{role:"rowgroup"},d),a("tbody",{role:"rowgroup"},s)),...[U(i,t)].filter(c=>c!==null)]}var Ye={bars:he,table:je,card:ve},Xt="400px";function Xe(e){let t=new WeakMap,n=new IntersectionObserver(l=>{for(let{target:s,isIntersecting:d}of l)t.get(s)?.(d)},{rootMargin:Xt}),r=new ResizeObserver(l=>{for(let{target:s}of l)s instanceof i&&s.draw()}),o=matchMedia("(prefers-color-scheme: dark)");class i extends HTMLElement{static observedAttributes=Le;#r=this.attachShadow({mode:"open"});#t=Q(this,e);#e=null;#o=!1;#n=[];#s=0;#i=null;#d="";#a=()=>this.draw();constructor(){super(),this.#r.adoptedStyleSheets=[ze()],F(this.#r,[qe(u.waiting)])}connectedCallback(){t.set(this,s=>{this.#o=s,this.#l()}),n.observe(this),r.observe(this),o.addEventListener("change",this.#a)}disconnectedCallback(){n.unobserve(this),r.unobserve(this),o.removeEventListener("change",this.#a),this.#o=!1,this.#l()}attributeChangedCallback(){let s=this.#t;this.#t=Q(this,e);let{base:d,transport:c,asOf:m}=this.#t;(d!==s.base||c!==s.transport||m!==s.asOf)&&(this.#e=null,this.#i=null),this.#c(),this.#l(),this.draw()}#l(){if(!this.#o)return this.#c();if(this.#n.length>0)return;let{base:s,transport:d,asOf:c,view:m,region:f}=this.#t;this.#e??=c===null?xe(s,d):_e(s,c);let{charts:v,regions:p}=this.#e;this.#n.push(this.#e.follow(this.#a)),m==="race"&&this.#n.push(v.follow()),(m==="map"||f!==null)&&this.#n.push(p.follow()),this.draw()}#c(){for(let s of this.#n.splice(0))s()}draw(){this.#s===0&&(this.#s=requestAnimationFrame(()=>{this.#s=0,this.#u()}))}#u(){let{base:s,region:d,theme:c,locale:m,asOf:f,announce:v}=this.#t,p=Re(m,He(this)),g=this.#e?.newest()??null,b=g&&this.#m(g.results,p),h=this.#e?.connection()??"waiting";if(!g||!b){let S=h==="not_kept"?u.notKept:h==="lost"?u.unreachable:u.waiting;F(this.#r,[qe(S)]);return}let w=h==="lost",x=$e({newest:g,region:d,counted:b.counted,asOf:b.asOf,isLost:w,figures:p,nowMs:Date.now(),theme:c,isDark:c==="auto"?Be(this):c==="dark",base:s},b.trees),N=this.#f(g.results,w,p);F(this.#r,[x,...v&&f===null?[a("div",{class:"unseen",role:"status",lang:"en-GB"},this.#d)]:[]]);for(let[S,$]of N)this.dispatchEvent(new CustomEvent(`teller:${S}`,{detail:$,bubbles:!0,composed:!0}))}#m(s,d){let{view:c,region:m,limit:f,base:v}=this.#t,p=this.#e;if(c==="race"){let h=p.charts.latest();return h?{trees:Ie(h,d,f,this.clientWidth||600,Ke(s,d)),counted:Ze(h.groups.state,te),asOf:h.as_of}:null}if(c==="map"){let h=p.regions.latest();return h?{trees:Oe(h,d),counted:Ze(h.regions,({count:w})=>w),asOf:h.as_of}:null}if(m===null){let h=Ge(s);return{trees:Ye[c]({standing:h,figures:d,limit:f,base:v}),counted:h,asOf:s.as_of}}let g=p.regions.latest();if(!g)return null;let b=Pe(g,m);if(b===null||b==="unknown"){let h=b===null?u.noRegion:u.splitUnknown;return{trees:[a("p",{class:"empty"},h)],counted:null,asOf:g.as_of}}return{trees:Ye[c]({standing:b,figures:d,limit:f,base:v}),counted:b,asOf:g.as_of}}#f(s,d,c){let m=M(s).map(({candidate_id:p})=>p),f=this.#i;this.#i={results:s,leaders:m,isLost:d};let v=[];return f?.results!==s&&v.push(["update",{version:s.version,results:s}]),f&&f.leaders.join(`
`)!==m.join(`
`)&&(this.#d=Ke(s,c),v.push(["lead-change",{from:f.leaders,to:m,results:s}])),d&&!f?.isLost&&v.push(["stale",{version:s.version,as_of:s.as_of}]),v}}return i}function Ze(e,t){return{votes:e.reduce((n,r)=>n+t(r),0),voters:e.reduce((n,{voters:r})=>n+r,0),isFinal:!1}}function qe(e){return a("slot",{},a("p",{part:"waiting"},e))}function Ke(e,t){let n=M(e);if(n.length===0)return u.noVotes;let r=t.list(n.map(({candidate_name:o})=>R(o)));return n.length>1?u.nowTied(r):u.leads(r,t.votes(e.leader.margin))}var Je="teller-results";customElements.get(Je)||customElements.define(Je,Xe(new URL("../",import.meta.url).href));

//! The style of the page: one column, in the reader's own fonts.

pub(super) const STYLE: &str = "
:root{--ink:#1b1b1f;--soft:#5f6068;--line:#e4e2dd;--ground:#fbfaf7;--card:#fff;--accent:#0a6b5d;--tint:#e9f3f0}
@media(prefers-color-scheme:dark){:root{--ink:#efeeea;--soft:#a3a29d;--line:#33333a;--ground:#151518;--card:#1d1d21;\
--accent:#6fd0bd;--tint:#1b2c2a}}
*{box-sizing:border-box}
html{font-size:17px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);line-height:1.55;hyphens:auto;text-wrap:pretty;\
font-family:Charter,'Bitstream Charter','Sitka Text',Cambria,Georgia,serif}
main{max-width:44rem;margin:0 auto;padding:4.5rem 1.4rem 6rem}
h1,h2,h3,dt,th,.over,.meta,.short strong,.clause,.plan,.fields,.who{font-family:system-ui,-apple-system,'Segoe UI',\
Roboto,'Helvetica Neue',Arial,sans-serif}
.over{margin:0;color:var(--accent);font-weight:600;letter-spacing:.02em}
h1{font-size:2.5rem;line-height:1.12;letter-spacing:-.022em;font-weight:700;margin:.35rem 0 1rem;text-wrap:balance}
.lead{font-size:1.18rem;color:var(--soft);margin:0 0 1rem}
.meta{font-size:.8rem;color:var(--soft);margin:0}
h2{font-size:1.45rem;letter-spacing:-.012em;line-height:1.25;margin:0 0 .8rem}
h3{font-size:1rem;margin:0 0 .3rem;letter-spacing:-.003em}
section{margin-top:3.4rem}
section>h3{margin-top:1.6rem}
p{margin:.3rem 0 .8rem}
.short ul{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem}
.short li{background:var(--tint);border-radius:14px;padding:1rem 1.1rem;display:flex;flex-direction:column;gap:.2rem}
.short strong{font-size:1.02rem;line-height:1.3;letter-spacing:-.006em}
.short span{font-size:.94rem;color:var(--soft)}
article{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.1rem 1.2rem .9rem;margin:.8rem 0}
article p{margin:.1rem 0 .45rem}
.fields,.who{font-size:.82rem;color:var(--soft)}
ul{padding-left:1.15rem;margin:.4rem 0 .9rem}
li{margin:.22rem 0}
li::marker{color:var(--soft)}
.promises{margin:.3rem 0 .6rem}
.plan{font-size:.72rem;font-weight:600;color:var(--accent);border:1px solid currentColor;border-radius:99px;\
padding:.02rem .5rem;white-space:nowrap}
.clause{font-size:.7rem;font-weight:400;color:var(--soft);white-space:nowrap;vertical-align:.12em}
table{width:100%;border-collapse:collapse;font-size:.94rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.5rem .7rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:500;font-size:.88rem}
thead th{color:var(--soft);font-size:.76rem}
td:last-child,th:last-child{padding-right:0}
dl{margin:0}
dt{font-weight:600;font-size:.94rem;margin-top:1rem}
dd{margin:.1rem 0 0}
.open dd strong{font-weight:600}
footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.86rem}
@media(max-width:34rem){html{font-size:16px}h1{font-size:2rem}main{padding-top:2.6rem}}
@media print{:root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--card:#fff;--accent:#000;--tint:#fff}
html{font-size:10.5pt}main{max-width:none;padding:0}section{margin-top:1.6rem}
article,.short li,dl>div,li,tr{break-inside:avoid}.short ul{grid-template-columns:1fr 1fr}.short li{border:1px solid var(--line)}footer{margin-top:1.2rem;break-before:avoid}\
h2,h3,dt,thead,h2+p:not(:last-child){break-after:avoid}dd,dt+dd{break-before:avoid}}
";

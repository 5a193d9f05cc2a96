"""The style of what serves reading on a screen: search, the bar at a phone's lower edge, colours in the dark."""

from __future__ import annotations

READING_STYLE = """
.find[hidden],.hits[hidden]{display:none}
.find{position:sticky;top:-1.25rem;z-index:1;display:flex;align-items:center;gap:.25rem;margin:0 -1rem .5rem;padding:.5rem 1rem;background:var(--paper)}
.find input{flex:1;min-width:0;height:2.25rem;padding:0 .6rem;border:1px solid var(--edge);border-radius:4px;background:var(--paper);color:var(--ink);
 font:inherit}
.find .count{min-width:2.5em;text-align:center;color:var(--soft);font-size:.8125rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.find button{flex:none;width:2.25rem;height:2.25rem;padding:0;border:1px solid var(--edge);border-radius:4px;background:var(--paper);color:var(--ink);
 font:inherit;cursor:pointer}
.find button:disabled{opacity:.45;cursor:default}
.hits{list-style:none;margin:0 0 1rem;padding:0}
.hits button{display:block;width:100%;padding:.45rem .5rem;border:0;border-bottom:1px solid var(--line);background:none;color:var(--ink);font:inherit;
 text-align:left;cursor:pointer}
.hits button:hover,.hits [aria-current]{background:var(--tint)}
.hits small{display:block;margin-bottom:.1rem;color:var(--soft);font-size:.75rem}
.hits b{background:#ffe08a;color:#1a1a1a;font-weight:inherit}
.hits .more{padding:.6rem .5rem;color:var(--soft)}
.contents[data-finding]>nav{display:none}
::highlight(found){background-color:#ffe08a;color:#1a1a1a}
::highlight(current){background-color:#f2930d;color:#1a1a1a}
.said{position:fixed;z-index:5;left:50%;bottom:5rem;transform:translateX(-50%);padding:.45rem .9rem;border-radius:4px;background:#1f2937;color:#fff;
 font:.875rem/1.5 var(--sans)}
.said:empty{display:none}
:root{--paper:#fff;--ink:#1a1a1a;--soft:#5b6470;--edge:#8d96a3;--line:#e3e7ec;--tint:#eef3f9}
:focus-visible{outline:2px solid #0b57a4;outline-offset:2px}
@media (hover:none){.here{visibility:visible}}
@media screen{section{content-visibility:auto;contain-intrinsic-size:auto 60rem}}
@media screen and (max-width:64rem){
 .contents{position:fixed;inset:auto 0 0 0;z-index:4;display:grid;grid-template:"list list" minmax(0,1fr) "fold find" auto/auto minmax(0,1fr);
  max-height:82vh;max-height:82dvh;padding:0 .75rem;overflow:visible;border:0;border-top:1px solid var(--edge);background:var(--paper);
  box-shadow:0 -2px 10px rgb(0 0 0/.12)}
 .contents h1{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
 .contents>p{display:none}
 .fold{grid-area:fold;min-width:3.5rem;height:3.25rem;margin:0;padding:0 .5rem 0 0;line-height:3.25rem}
 .fold::before{content:"目录 ▴"}
 .fold:checked::before{content:"目录 ▾"}
 .find{grid-area:find;position:static;margin:0;padding:.5rem 0}
 .find input,.find button{height:2.5rem}
 .find button{width:2.5rem}
 .find input{font-size:1rem}
 .contents>nav,.hits{grid-area:list;overflow-y:auto;overscroll-behavior:contain;margin:0;padding:.5rem 0}
 .contents[data-finding]>.fold:checked~nav{display:block}
 nav a{padding:.5rem .4rem}
 main{padding-bottom:5rem}
}
@media screen and (prefers-color-scheme:dark){
 :root{color-scheme:dark;--paper:#1d2126;--ink:#e4e7eb;--soft:#a3acb8;--edge:#6b7583;--line:#31373f;--tint:#2a3340;--shade:#2a2f36;--accent:#e4e7eb}
 body{background:#121518;color:var(--ink)}
 .contents,section,section:target{background:var(--paper);border-color:var(--line)}
 .contents>p,.head,.fine{color:var(--soft)}
 .head{border-color:var(--soft)}
 a:hover,a.out{color:#8ab8f0}
 nav a{color:var(--ink)}
 nav a:hover{background:var(--tint)}
 :target{background:#3d3720}
 th,td{border-color:#565e69}
 .here{color:var(--soft)}
 figure svg,figure img{padding:.5rem;border-radius:4px;background:#fff}
 .stamp{background:#1d2126;filter:brightness(1.5)}
 :focus-visible{outline-color:#8ab8f0}
}
@media print{.find,.hits,.said{display:none}::highlight(found),::highlight(current){background:none;color:inherit}}
"""

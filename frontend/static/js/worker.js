// The portal without a line. Nothing depends on it: without a service worker every page works as before.
//
// Pages that were seen are kept; when the network is away or very slow the kept one is shown, with the time it
// was kept. A wish (a posted apply form) that finds no network is put aside and sent once it is back; the same
// form with the same name and phone is one wish however often it is sent. WORDS stands above this text when the file is served.
"use strict";
const PAGES = "pages", MINE = "mine", QUEUE = "queue";
const KEPT_PAGES = 40, SLOW_MS = 8000;
const OFFLINE = "/offline", NEWS = "/news";
const FOR_ALL = /^\/($|jobs(\/\d+)?$|kinds$|find(\/result)?$|help$|policies(\/|$)|workshops$)/;
const OF_MINE = /^\/(me(\/wishes)?$|w\/|a\/)/;
const APPLY = /^\/jobs\/\d+\/apply$/;

addEventListener("install", event => {
  skipWaiting();
  event.waitUntil(caches.open(PAGES).then(kept => kept.add(OFFLINE)));
});

addEventListener("activate", event => event.waitUntil(clients.claim().then(sendQueue)));
addEventListener("sync", event => event.waitUntil(sendQueue()));

addEventListener("fetch", event => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin || request.mode !== "navigate" || url.searchParams.has("nosw")) return;
  if (request.method === "GET") {
    const room = FOR_ALL.test(url.pathname) ? PAGES : OF_MINE.test(url.pathname) ? MINE : null;
    if (room) event.respondWith(page(event, room));
  } else if (url.pathname === "/me/leave") {
    // A shared phone keeps nothing of whoever signs out.
    event.respondWith(fetch(request).then(answer => forgetMine().then(() => answer)));
  } else if (APPLY.test(url.pathname)) {
    event.respondWith(wish(event, url));
  }
});

async function page(event, room) {
  const asked = event.request, kept = await caches.open(room), old = await kept.match(asked.url);
  const fresh = fetch(asked).then(async answer => {
    if (answer.ok && !answer.redirected) await keep(kept, asked.url, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.then(sendQueue, () => {}));
  try {
    return withNews(await (old ? Promise.race([fresh, tooSlow()]) : fresh));
  } catch (noLine) {
    return old ? withNote(old) : offline();
  }
}

function tooSlow() {
  return new Promise((_, fail) => setTimeout(fail, SLOW_MS));
}

async function keep(kept, address, answer) {
  await kept.put(address, answer);
  const all = (await kept.keys()).filter(each => !each.url.endsWith(OFFLINE));
  if (all.length > KEPT_PAGES) await kept.delete(all[0]);
}

function forgetMine() {
  return sendQueue().then(() => Promise.all([caches.delete(MINE), caches.delete(QUEUE)]));
}

async function wish(event, url) {
  const body = await event.request.clone().text();
  try {
    return await fetch(event.request);
  } catch (noLine) {
    const queue = await caches.open(QUEUE);
    await queue.put("/queue/" + await digest(url.pathname + body), new Response(body, {headers: {"X-To": url.pathname}}));
    if (registration.sync) registration.sync.register("wishes").catch(() => {});
    return offline("waiting");
  }
}

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, "0")).join("");
}

let sending = null;

function sendQueue() {
  if (!sending) sending = sendEach().then(() => { sending = null; }, () => { sending = null; });
  return sending;
}

async function sendEach() {
  const queue = await caches.open(QUEUE);
  for (const waiting of await queue.keys()) {
    if (waiting.url.endsWith(NEWS)) continue;
    const stored = await queue.match(waiting);
    const answer = await fetch(stored.headers.get("X-To"), {
      method: "POST",
      body: await stored.text(),
      credentials: "same-origin",
      headers: {"Content-Type": "application/x-www-form-urlencoded"}
    });
    if (answer.status >= 500 || answer.status === 429) return;
    await queue.delete(waiting);
    const to = answer.ok ? answer.url : new URL(stored.headers.get("X-To"), location.origin).href;
    if (answer.ok) await (await caches.open(MINE)).put(to, answer.clone());
    await queue.put(NEWS, new Response(to, {headers: {"X-Says": answer.ok ? "sent" : "failed"}}));
  }
}

// Told once, above the next page that is opened.
async function withNews(answer) {
  if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("text/html")) return answer;
  const queue = await caches.open(QUEUE), news = await queue.match(NEWS);
  if (!news) return answer;
  await queue.delete(NEWS);
  const to = await news.text();
  return rewrite(answer, (html, words) => above(html, link(to, words[news.headers.get("X-Says")])));
}

function withNote(old) {
  const time = new Date(old.headers.get("Date"));
  const said = time.toLocaleString(navigator.language, {month: "numeric", day: "numeric", hour: "numeric", minute: "2-digit"});
  return rewrite(old, (html, words) => above(html, words.kept.replace("{time}", said)));
}

// The page for when nothing better is there: what can still be read, by the titles of the kept pages.
async function offline(says) {
  const kept = await caches.open(PAGES), rows = [];
  for (const each of (await kept.keys()).reverse()) {
    if (!/^\/($|jobs)/.test(new URL(each.url).pathname)) continue;
    const title = /<title>(.*?)<\/title>/.exec(await (await kept.match(each)).text());
    if (title) rows.push(link(each.url, title[1].split(" · ")[0]));
  }
  return rewrite(await kept.match(OFFLINE), (html, words) => html
    .replace("<!--says-->", words[says || "away"])
    .replace("<!--kept-->", rows.slice(0, 12).join("")));
}

function link(address, words) {
  return '<a href="' + address.replace(/&/g, "&amp;").replace(/"/g, "&quot;") + '">' + words + "</a>";
}

function above(html, words) {
  return html.replace("<main id=m>", "<main id=m><p><b>" + words + "</b></p>");
}

async function rewrite(answer, edit) {
  const html = await answer.text(), words = html.includes('<html lang="en"') ? WORDS.en : WORDS.zh;
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(edit(html, words), {status: answer.status, headers});
}

// Stands in every portal page, after all else has loaded: asks the browser to keep what was seen for when there
// is no line. ?nosw turns that off on this phone and forgets what was kept; ?nosw=0 turns it on again.
(function (worker) {
  if (!worker) return;
  addEventListener("load", function () {
    var asked = /[?&]nosw(=0)?\b/.exec(location.search), off = false;
    try {
      if (asked) asked[1] ? localStorage.removeItem("nosw") : localStorage.setItem("nosw", "1");
      off = localStorage.getItem("nosw");
    } catch (refused) { off = true; }
    if (!off) return worker.register("/sw.js").catch(function () {});
    if (asked) worker.getRegistrations().then(function (all) {
      all.forEach(function (one) { one.unregister(); });
      caches.keys().then(function (names) { names.forEach(function (name) { caches.delete(name); }); });
    });
  });
})(navigator.serviceWorker);

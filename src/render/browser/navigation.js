// Gives each navigation that a library makes a trace of its own, which its request belongs to.
//
// For a page whose `Sentry.init` says `browserTracingIntegration({ instrumentNavigation: false })`. It runs
// behind that, before or after the library; `library` is `htmx.js` or `turbo.js` or like them.
//
// 1. A request that is to change the address starts a navigation before it leaves. Any other request stays a
//    span of the page.
// 2. The response names it, by its header `Sentry-Route-Name`, encoded as a URI component.
// 3. Back and Forward start one too. A request that restores the page belongs to it; where there is none, it
//    is named as the page was before.
// 4. `pushState` starts one only where no navigation is on its way: the address changes without a request, or
//    the response alone asked for it.

export default function traceNavigations(Sentry, library) {
  const client = Sentry.getClient();
  if (!client || client.navigations) return;

  const HEADER = 'sentry-route-name';
  // What version 11 calls it; earlier ones name it themselves.
  const SOURCE = Sentry.SEMANTIC_ATTRIBUTE_SENTRY_SOURCE || 'sentry.segment.name.source';

  const path = (url = location) => (url = new URL(url, location)).pathname + url.search;

  let address = path();
  let route = document.querySelector(`meta[name=${HEADER}]`)?.content;
  const routes = { [address]: route };
  // By what the library knows a request by, and by the headers of its response.
  const navigations = (client.navigations = new WeakMap());
  // The last one. While it is open the address is still to change; once Back or Forward has changed it, a
  // request for the page may follow.
  let navigation = 0, isOpen, isRestored;

  function start(url = location.href, begin) {
    const options = { name: 'Navigation', attributes: { [SOURCE]: 'url', 'sentry.origin': 'auto.navigation.browser' } };
    isOpen = true;
    isRestored = route = '';
    return (navigation = begin ? begin(options) : Sentry.startBrowserTracingNavigationSpan(client, options, { url }));
  }

  function name(span, encoded) {
    try {
      const decoded = decodeURIComponent(encoded || '');
      if (!span || !decoded) return;
      span.updateName(decoded);
      span.setAttribute(SOURCE, 'route');
      if (span !== navigation) return;
      Sentry.getCurrentScope().setTransactionName(decoded);
      route = encoded;
      if (!isOpen) routes[address] = route;
    } catch {
      // No route of this crate's.
    }
  }

  const moved = () => address !== (address = path());

  const routeIn = (headers) => (headers.get ? headers.get(HEADER) : headers.getResponseHeader(HEADER));

  library(
    // Listens to an event; gives its detail and its target.
    (event, listen) => document.addEventListener(event, ({ detail, target }) => listen(detail, target)),
    // Before a request leaves, by a key of the library's. `begin` starts the span in a way of its own.
    (key, url, isNavigation, begin) => {
      navigations.set(key, isRestored && path(url) === address ? navigation : isNavigation && start(url, begin));
    },
    // Once the response is there, before it is shown: its `Headers`, or its `XMLHttpRequest`.
    (key, headers) => {
      const span = navigations.get(key);
      navigations.set(headers, span);
      name(span, routeIn(headers));
    },
    // Before the address changes because of that response. The last navigation has not started for it where it
    // answers a request of another kind, or of an earlier click.
    (url, headers) => navigations.get(headers) === navigation || name(start(url), routeIn(headers)),
    Sentry,
  );

  addEventListener('click', () => (isRestored = false), true);
  addEventListener(
    'popstate',
    () => {
      if (!moved()) return;
      name(start(), routes[address]);
      isOpen = false;
      isRestored = true;
    },
    true,
  );

  for (const method of ['pushState', 'replaceState']) {
    const change = history[method];
    history[method] = function (...values) {
      change.apply(this, values);
      if (!moved()) return;
      if (!isOpen && method === 'pushState') start();
      isOpen = false;
      routes[address] = route;
    };
  }
}

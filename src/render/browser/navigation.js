// Starts a trace for each navigation that a library makes, before the request of the navigation leaves.
//
// For a page whose `Sentry.init` has `browserTracingIntegration({ instrumentNavigation: false })`. It runs after
// that, before or after the library; `library` is `htmx.js`, `turbo.js` or another adapter like these.
//
// 1. A request that will change the address starts a navigation. Any other request stays a span of the page.
// 2. The response names the navigation, by its header `Sentry-Route-Name`, encoded as a URI component.
// 3. Back and Forward start one too. A request that restores the page belongs to it; without a request, it has
//    the name that the page had before.
// 4. A change of the address that no pending navigation has caused starts one without a request: `pushState`
//    alone, a response that alone asks for it, or the late response to an earlier click.

export default function traceNavigations(Sentry, library) {
  const client = Sentry.getClient();
  if (!client || client.navigations) return;

  const HEADER = 'sentry-route-name';
  // Version 11 does not export the name of the attribute; version 10 does.
  const SOURCE = Sentry.SEMANTIC_ATTRIBUTE_SENTRY_SOURCE || 'sentry.segment.name.source';

  const path = (url = location) => (url = new URL(url, location)).pathname + url.search;

  let address = path();
  let route = document.querySelector(`meta[name=${HEADER}]`)?.content;
  const routes = { [address]: route };
  // By the library's key of a request, and by the headers of its response.
  const navigations = (client.navigations = new WeakMap());
  // The latest one. While it is open, the address has not changed yet; after Back or Forward has changed it, a
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
      // The header is not from this crate.
    }
  }

  const moved = () => address !== (address = path());

  const routeIn = (headers) => (headers.get ? headers.get(HEADER) : headers.getResponseHeader(HEADER));

  library(
    // Listens to an event; passes its detail and its target on.
    (event, listen) => document.addEventListener(event, ({ detail, target }) => listen(detail, target)),
    // Call it before a request leaves, with a key for the request. `begin` starts the span instead of the SDK.
    (key, url, isNavigation, begin) => {
      navigations.set(key, isRestored && path(url) === address ? navigation : isNavigation && start(url, begin));
    },
    // Call it when the response has arrived, before it is shown: with its `Headers`, or its `XMLHttpRequest`.
    (key, headers) => {
      const span = navigations.get(key);
      navigations.set(headers, span);
      name(span, routeIn(headers));
    },
    // Call it before the response changes the address. The latest navigation is not its own if its request was
    // not a navigation, or was an earlier click.
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

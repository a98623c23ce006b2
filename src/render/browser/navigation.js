// Starts a trace for each navigation that a library makes, before the request of the navigation leaves.
//
// For a page whose `Sentry.init` has `browserTracingIntegration({ instrumentNavigation: false })`. It runs after
// that, before or after the library; `library` is `htmx.js`, `turbo.js` or another adapter like these.
//
// 1. A request that will change the address starts a navigation. Any other request stays a span of the page.
// 2. The response names the navigation, by its header `Sentry-Route-Name`, encoded as a URI component. Until then,
//    it has the name that the address had before, if it had one.
// 3. Back and Forward start one too. A request that restores the page belongs to it.
// 4. A change of the address that no pending navigation has caused starts one without a request: `pushState`
//    alone, a response that asks for it although its request did not, or the late response to an earlier click.

export default function traceNavigations(Sentry, library) {
  const client = Sentry?.getClient();
  if (!client || client.routes) return;

  const HEADER = 'sentry-route-name';
  // Version 11 does not export the name of the attribute; version 10 does.
  const SOURCE = Sentry.SEMANTIC_ATTRIBUTE_SENTRY_SOURCE || 'sentry.segment.name.source';

  const path = (url = location) => (url = new URL(url, location)).pathname + url.search;

  let address = path();
  let route = document.querySelector(`meta[name=${HEADER}]`)?.content;
  // By address; `route.js` reads it too.
  const routes = (client.routes = { [address]: route });
  // By the library's key of a request, and by the headers of its response.
  const navigations = new WeakMap();
  // The latest one. While it is pending, the library has not changed the address yet. After Back or Forward has changed
  // the address, a request for the page may follow.
  let navigation = 0, isPending, isRestored;

  const start = (url = location.href, begin, options = { name: 'Navigation', attributes: { [SOURCE]: 'url' } }) => {
    isPending = true;
    isRestored = route = '';
    navigation = begin ? begin(options) : Sentry.startBrowserTracingNavigationSpan(client, options, { url });
    name(navigation, routes[path(url)]);
    return navigation;
  };

  const name = (span, encoded) => {
    try {
      const decoded = encoded && decodeURIComponent(encoded);
      if (!decoded) return;
      span.updateName(decoded);
      span.setAttribute(SOURCE, 'route');
      if (span !== navigation) return;
      Sentry.getCurrentScope().setTransactionName(decoded);
      route = encoded;
      if (!isPending) routes[address] = route;
    } catch {
      // The header is not from this crate, or there is no span.
    }
  };

  const moved = () => address !== (address = path());

  const routeIn = (headers) => (headers.get ? headers.get(HEADER) : headers.getResponseHeader(HEADER));

  // The key under which the library keeps its own data in the state of an address.
  const key = library(
    // Listens to an event; passes its detail on, and the event itself.
    (type, listen) => addEventListener(type, (event) => listen(event.detail, event)),
    // Call it before a request leaves, with a key for the request. `begin` starts the span instead of the SDK.
    (request, url, isNavigation, begin) =>
      navigations.set(request, isRestored && path(url) === address ? navigation : isNavigation && start(url, begin)),
    // Call it when the response has arrived, before it is shown: with its `Headers`, or its `XMLHttpRequest`.
    (request, headers) => name(navigations.set(headers, navigations.get(request)).get(headers), routeIn(headers)),
    // Call it before the response changes the address. The latest navigation does not belong to the response
    // if its request was not a navigation, or came from an earlier click.
    (url, headers) => navigations.get(headers) === navigation || path(url) === address || name(start(url), routeIn(headers)),
    Sentry,
  );

  addEventListener('click', () => (isRestored = false), true);
  addEventListener(
    'popstate',
    () => {
      if (!moved()) return;
      start();
      isPending = false;
      isRestored = true;
    },
    true,
  );

  for (const method of ['pushState', 'replaceState']) {
    const change = history[method];
    history[method] = (...values) => {
      // Others may pass on the library's state.
      const isOwn = isPending && values[0]?.[key] && values[0] !== history.state;
      change.apply(history, values);
      if (!moved()) return;
      if (isOwn || (method === 'pushState' && start())) isPending = false;
      if (!isPending) routes[address] = route;
    };
  }
}

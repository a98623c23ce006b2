// Starts the pageload and names it after the route in the page.
//
// For a page whose `Sentry.init` has `browserTracingIntegration({ instrumentPageLoad: false })`; it runs right after
// that. If the SDK has started the pageload itself, the script only names it.
//
// 1. The name is the decoded content of `<meta name="sentry-route-name">`. Without the tag the pageload has the
//    SDK's default name; a path is never the name.
// 2. A prerendered page starts its pageload when it is shown, or never.
// 3. A page that Back or Forward restores from memory is named too.

export default function traceRoute(Sentry) {
  const client = Sentry?.getClient?.();
  if (!client || client.tracesRoute) return;
  client.tracesRoute = true;

  // Version 11 does not export the name of the attribute; version 10 does.
  const SOURCE = Sentry.SEMANTIC_ATTRIBUTE_SENTRY_SOURCE || 'sentry.segment.name.source';

  function route() {
    try {
      // `navigation.js` knows the routes of pages that were swapped.
      const known = client.routes?.[location.pathname + location.search];
      return decodeURIComponent(known ?? document.querySelector('meta[name=sentry-route-name]').content);
    } catch {
      return undefined;
    }
  }

  function named(attributes) {
    const name = route();
    return { name: name || 'Pageload', attributes: { ...attributes, [SOURCE]: name ? 'route' : 'url' } };
  }

  function start() {
    const { name, attributes } = named({ 'sentry.origin': 'auto.pageload.browser' });
    const active = Sentry.getActiveSpan();
    const { op, attributes: found } = active ? Sentry.spanToJSON(active) : {};
    // In version 11 the operation is an attribute.
    if ((op || found?.['sentry.op']) === 'pageload') {
      active.updateName(name);
      active.setAttributes(attributes);
      Sentry.getCurrentScope().setTransactionName(name);
    } else {
      Sentry.startBrowserTracingPageLoadSpan(client, { name, attributes });
    }
  }

  if (document.prerendering) {
    // The SDK moves the start back to its first performance entry.
    document.addEventListener('prerenderingchange', start, { once: true });
  } else {
    start();
  }

  client.on('beforeStartNavigationSpan', (options) => {
    if (options.attributes?.['browser.navigation.type'] === 'back-forward-cache' && route()) {
      Object.assign(options, named(options.attributes));
    }
  });
}

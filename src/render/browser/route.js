// Starts the pageload and names it after the route that the page tells.
//
// For a page whose `Sentry.init` says `browserTracingIntegration({ instrumentPageLoad: false })`; it runs
// right behind that. Where the SDK has started the pageload itself, it is named only.
//
// 1. The name is the decoded content of `<meta name="sentry-route-name">`. Without the tag the pageload is
//    called as the SDK calls it; a path is never the name.
// 2. A page that is prerendered starts its pageload when it is shown, or never.
// 3. A page that Back or Forward restores whole is named too.

export default function traceRoute(Sentry) {
  const client = Sentry.getClient();
  if (!client || client.tracesRoute) return;
  client.tracesRoute = true;

  // What version 11 calls it; earlier ones name it themselves.
  const SOURCE = Sentry.SEMANTIC_ATTRIBUTE_SENTRY_SOURCE || 'sentry.segment.name.source';

  function route() {
    try {
      return decodeURIComponent(document.querySelector('meta[name=sentry-route-name]').content);
    } catch {
      return undefined;
    }
  }

  function named(attributes) {
    const name = route();
    return { name: name || 'Pageload', attributes: { ...attributes, [SOURCE]: name ? 'route' : 'url' } };
  }

  function start(startTime) {
    const { name, attributes } = named({ 'sentry.origin': 'auto.pageload.browser' });
    const active = Sentry.getActiveSpan();
    const { op, attributes: found } = active ? Sentry.spanToJSON(active) : {};
    // Version 11 tells the operation by an attribute.
    if ((op || found?.['sentry.op']) === 'pageload') {
      active.updateName(name);
      active.setAttributes(attributes);
      Sentry.getCurrentScope().setTransactionName(name);
    } else {
      Sentry.startBrowserTracingPageLoadSpan(client, { name, startTime, attributes });
    }
  }

  if (document.prerendering) {
    // The SDK moves the start back to its first performance entry.
    const shown = () => start((performance.timeOrigin + performance.now()) / 1000);
    document.addEventListener('prerenderingchange', shown, { once: true });
  } else {
    start();
  }

  client.on('beforeStartNavigationSpan', (options) => {
    if (options.attributes?.['browser.navigation.type'] === 'back-forward-cache' && route()) {
      Object.assign(options, named(options.attributes));
    }
  });
}

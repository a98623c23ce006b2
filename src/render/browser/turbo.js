// What Turbo 8 tells of its requests.
//
// A navigation is each visit of Turbo Drive, each form that it submits, and what a frame loads that has
// `data-turbo-action`. What is fetched in advance is a trace of its own, which the visit that uses it continues.

export default function turbo(on, request, response, _change, Sentry) {
  // Only as a pageload does the SDK continue a trace; it would take the address for the old page's.
  const continuing = ({ fetchOptions: { headers }, url }) => (options) => {
    Object.assign(options.attributes, { 'url.path': url.pathname, 'url.full': url.origin + url.pathname });
    const trace = { sentryTrace: headers['sentry-trace'], baggage: headers.baggage };
    Sentry.getClient().emit('startPageLoadSpan', { ...options, op: 'navigation' }, trace);
    return Sentry.getActiveSpan();
  };

  on('turbo:before-fetch-request', ({ fetchOptions: { headers }, url, fetchRequest }, target) => {
    if (headers['X-Sec-Purpose']) {
      Sentry.startNewTrace(() => Object.assign(headers, Sentry.getTraceData()));
      return;
    }
    const frame = document.getElementById(headers['Turbo-Frame']);
    // A form in a frame has not told the frame its action yet.
    const action = target === frame ? frame.delegate.action : target.dataset.turboAction || frame?.dataset.turboAction;
    request(target, url.href, !frame || action, fetchRequest && continuing(fetchRequest));
  });
  on('turbo:before-fetch-response', ({ fetchResponse }, target) => response(target, fetchResponse.response.headers));
}

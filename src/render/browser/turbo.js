// Reports the requests of Turbo 8.
//
// Each visit of Turbo Drive is a navigation, and so is each form that it submits and each load of a frame with
// `data-turbo-action`. A page that is fetched in advance has a trace of its own, which the visit that uses it
// continues.

export default function turbo(on, request, response, _change, Sentry) {
  // The SDK continues a trace only for a pageload, which would have the address of the old page.
  const continuing = ({ fetchOptions: { headers }, url }) => (options) => {
    Object.assign(options.attributes, { 'url.path': url.pathname, 'url.full': url.origin + url.pathname });
    Sentry.getClient().emit(
      'startPageLoadSpan',
      { ...options, op: 'navigation' },
      { sentryTrace: headers['sentry-trace'], baggage: headers.baggage },
    );
    return Sentry.getActiveSpan();
  };

  on('turbo:before-fetch-request', ({ fetchOptions: { headers }, url, fetchRequest }, { target }) => {
    if (headers['X-Sec-Purpose']) return Sentry.startNewTrace(() => Object.assign(headers, Sentry.getTraceData()));
    const frame = document.getElementById(headers['Turbo-Frame']);
    // A form has not passed its action, or that of its button, to the frame yet.
    const action = ({ delegate }) =>
      target === frame
        ? delegate.action
        : [delegate.formSubmission?.submitter, target, frame].some((element) => element?.dataset.turboAction);
    request(target, url.href, !frame || action(frame), fetchRequest && continuing(fetchRequest));
  });
  on('turbo:before-fetch-response', ({ fetchResponse }, { target }) => response(target, fetchResponse.response.headers));

  return 'turbo';
}

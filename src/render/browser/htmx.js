// Reports the requests of htmx 4 and 2.
//
// A request is a navigation if it changes the address: `hx-boost`, `hx-push-url`, `hx-replace-url`, the option
// `push` of `htmx.ajax`, the response header `HX-Location`; the value `"false"` means that it does not. Only the
// response says that there is an `HX-Push-Url`, so its request stays a span of the page that sent it.

export default function htmx(onEvent, request, response, change) {
  const on = (event, listen) => onEvent('htmx:' + event, listen);
  const isSet = (value) => value && value !== 'false';

  // Version 4
  on('before:request', ({ ctx }) =>
    request(ctx, ctx.request.action, isSet(ctx.push ?? ctx.replace ?? ctx.request.headers['HX-Boosted'])),
  );
  on('before:response', ({ ctx }) => response(ctx, ctx.response.headers));
  on('before:history:update', ({ history, response }) => change(history.path, response.headers));

  // Version 2. The extension `htmx-2-compat` of version 4 sends these events too, without a request.
  on('beforeSend', ({ xhr, etc, boosted, requestConfig, pathInfo }) => {
    if (!xhr) return;
    // htmx itself knows which attributes an element inherits.
    let own = () => '';
    self.htmx?.defineExtension('sentry', {
      init: (api) => (own = (key) => api.getClosestAttributeValue(requestConfig.elt, key)),
    });
    request(
      xhr,
      pathInfo.finalRequestPath,
      isSet(etc.push || own('hx-push-url') || isSet(own('hx-replace-url')) || boosted),
    );
  });
  on('historyCacheMiss', ({ xhr, path }) => request(xhr, path));
  const loaded = ({ xhr }) => xhr && response(xhr, xhr);
  on('beforeOnLoad', loaded);
  on('historyCacheMissLoad', loaded);
  on('beforeHistoryUpdate', ({ history, xhr }) => xhr && change(history.path, xhr));

  return 'htmx';
}

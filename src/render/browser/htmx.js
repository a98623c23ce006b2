// Reports the requests of htmx 4 and 2.
//
// A request is a navigation if it changes the address: `hx-boost`, `hx-push-url`, `hx-replace-url`, the option
// `push` of `htmx.ajax`, the response header `HX-Location`; the value `"false"` means that it does not. Only the
// response says that there is an `HX-Push-Url`, so its request stays a span of the page that sent it.

export default function htmx(on, request, response, change) {
  const isSet = (value) => value && value !== 'false';

  // Version 4
  on('htmx:before:request', ({ ctx }) =>
    request(ctx, ctx.request.action, isSet(ctx.push || ctx.replace || ctx.request.headers['HX-Boosted'])),
  );
  on('htmx:before:response', ({ ctx }) => response(ctx, ctx.response.headers));
  on('htmx:before:history:update', ({ history, response }) => change(history.path, response.headers));

  // Version 2
  on('htmx:beforeSend', ({ xhr, etc, boosted, requestConfig: { elt }, pathInfo }) => {
    const inherited = (key) => elt.closest(`[${key}]`)?.getAttribute(key);
    const either = (key) => inherited(key) || inherited('data-' + key);
    request(xhr, pathInfo.finalRequestPath, isSet(etc.push || either('hx-push-url') || either('hx-replace-url') || boosted));
  });
  on('htmx:historyCacheMiss', ({ xhr, path }) => request(xhr, path));
  const loaded = ({ xhr }) => response(xhr, xhr);
  on('htmx:beforeOnLoad', loaded);
  on('htmx:historyCacheMissLoad', loaded);
  on('htmx:beforeHistoryUpdate', ({ history, xhr }) => change(history.path, xhr));
}

package com.espra.protoplex.files.appfiles;

import com.espra.protoplex.files.answers.AcceptedCodings;
import com.espra.protoplex.files.answers.ByteRange;
import com.espra.protoplex.files.answers.Preconditions;
import com.espra.protoplex.files.answers.RequestPath;
import com.espra.protoplex.files.appfiles.asset.Asset;
import com.espra.protoplex.files.appfiles.asset.AssetForm;
import com.espra.protoplex.files.appfiles.past.PastBuilds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Serves assets from memory. What is not in this build may be in one before: that is looked for on a thread that may wait. */
final class AssetsHandler extends Handler.Abstract.NonBlocking {

    private static final HttpField NOSNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final HttpField VARY = new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding");
    private static final HttpField RANGES = new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes");
    private static final String INDEX = "index.html";

    private final Map<String, Asset> assets;
    private final PastBuilds past;

    /** @param assets of this build, by their paths without the slash before them */
    AssetsHandler(Map<String, Asset> assets, PastBuilds past) {
        this.assets = Map.copyOf(assets);
        this.past = past;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            refuse(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "Assets are read by GET and HEAD.");
            return true;
        }
        String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
        Asset asset = path.isEmpty() ? null : assets.get(path.substring(1));
        if (asset != null) {
            send(asset, request, response, callback);
            return true;
        }
        Optional<String> key = RequestPath.key(path.replaceFirst("^/", "") + (path.endsWith("/") ? INDEX : ""));
        if (key.isEmpty()) {
            refuse(request, response, callback, HttpStatus.BAD_REQUEST_400, "This is no name of an asset.");
            return true;
        }
        asset = assets.get(key.get());
        if (asset == null) {
            request.getContext().execute(() -> sendOrRefuse(past.find(key.get()), request, response, callback));
        } else {
            sendOrRefuse(asset, request, response, callback);
        }
        return true;
    }

    private static void sendOrRefuse(@Nullable Asset asset, Request request, Response response, Callback callback) {
        if (asset == null) {
            refuse(request, response, callback, HttpStatus.NOT_FOUND_404, "There is no such asset.");
        } else {
            send(asset, request, response, callback);
        }
    }

    private static void refuse(Request request, Response response, Callback callback, int status, String reason) {
        Response.writeError(request, response, callback, status, reason);
    }

    private static void send(Asset asset, Request request, Response response, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        AssetForm form = form(asset, request.getHeaders());
        headers.put(form.tagField());
        headers.put(asset.cacheControl());
        if (asset.forms().size() > 1) {
            headers.put(VARY);
        }
        switch (Preconditions.of(request.getHeaders(), form.tag(), null)) {
            case FAILED -> {
                headers.remove(HttpHeader.CACHE_CONTROL);
                refuse(request, response, callback, HttpStatus.PRECONDITION_FAILED_412, "The asset is another one.");
            }
            case NOT_MODIFIED -> {
                response.setStatus(HttpStatus.NOT_MODIFIED_304);
                callback.succeeded();
            }
            case SEND -> {
                headers.put(NOSNIFF);
                headers.put(asset.type());
                headers.put(RANGES);
                if (!form.coding().isEmpty()) {
                    headers.put(form.codingField());
                }
                send(form, request, response, callback);
            }
        }
    }

    private static AssetForm form(Asset asset, HttpFields headers) {
        List<AssetForm> forms = asset.forms();
        if (forms.size() > 1) {
            AcceptedCodings accepted = new AcceptedCodings(headers.getValuesList(HttpHeader.ACCEPT_ENCODING));
            for (AssetForm form : forms) {
                if (!form.coding().isEmpty() && accepted.accepts(form.coding())) {
                    return form;
                }
            }
        }
        return forms.getLast();
    }

    private static void send(AssetForm form, Request request, Response response, Callback callback) {
        HttpFields.Mutable headers = response.getHeaders();
        boolean isHead = request.getMethod().equals("HEAD");
        String asked = isHead ? null : request.getHeaders().get(HttpHeader.RANGE);
        Optional<ByteRange> range = asked == null
                        || !Preconditions.isRangeOf(request.getHeaders().get(HttpHeader.IF_RANGE), form.tag(), null)
                ? Optional.empty()
                : ByteRange.of(asked, form.length());
        if (range.isPresent() && range.get().length() == 0) {
            headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + form.length());
            headers.remove(HttpHeader.CONTENT_ENCODING);
            headers.remove(HttpHeader.CACHE_CONTROL);
            refuse(
                    request,
                    response,
                    callback,
                    HttpStatus.RANGE_NOT_SATISFIABLE_416,
                    "The asset has " + form.length() + " bytes.");
            return;
        }
        int from = (int) (range.isPresent() ? range.get().from() : 0);
        int length = (int) (range.isPresent() ? range.get().length() : form.length());
        if (range.isPresent()) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
            headers.put(HttpHeader.CONTENT_RANGE, "bytes " + from + "-" + (from + length - 1) + "/" + form.length());
        }
        headers.put(HttpHeader.CONTENT_LENGTH, length);
        if (isHead) {
            callback.succeeded();
        } else {
            response.write(true, form.part(from, length), callback);
        }
    }
}

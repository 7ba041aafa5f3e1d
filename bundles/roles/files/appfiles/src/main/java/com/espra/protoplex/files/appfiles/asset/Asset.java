package com.espra.protoplex.files.appfiles.asset;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** An asset: what is sent of it, and what is said with it, made once. */
public final class Asset {

    /** How it may be coded, the plain form last. */
    private final List<AssetForm> forms;

    private final HttpField type;
    private final HttpField cacheControl;
    private final long bytes;

    private static final String UNKNOWN = "application/octet-stream";
    /** A year. */
    static final long FOR_EVER = 31_536_000;

    /** @param maxAgeSeconds how long others may keep it; {@link #FOR_EVER} for what never changes */
    Asset(String key, List<AssetForm> forms, long maxAgeSeconds) {
        this.forms = List.copyOf(forms);
        type = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, type(key));
        cacheControl = new PreEncodedHttpField(
                HttpHeader.CACHE_CONTROL,
                "public, max-age=" + maxAgeSeconds + (maxAgeSeconds == FOR_EVER ? ", immutable" : ""));
        bytes = forms.stream().mapToLong(AssetForm::length).sum();
    }

    static String type(String key) {
        String type =
                Optional.ofNullable(MimeTypes.DEFAULTS.getMimeByExtension(key)).orElse(UNKNOWN);
        boolean isText = type.startsWith("text/") || type.endsWith("json") || type.endsWith("javascript");
        return isText && !type.contains("charset") ? type + ";charset=utf-8" : type;
    }

    /** How it may be coded, the best first, the plain form last. */
    public List<AssetForm> forms() {
        return forms;
    }

    /** What it is. */
    public HttpField type() {
        return type;
    }

    /** How long others may keep it. */
    public HttpField cacheControl() {
        return cacheControl;
    }

    /** What it takes in memory, in bytes. */
    public long bytes() {
        return bytes;
    }
}

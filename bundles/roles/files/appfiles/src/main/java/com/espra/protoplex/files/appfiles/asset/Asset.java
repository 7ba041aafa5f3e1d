package com.espra.protoplex.files.appfiles.asset;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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

    private static final Pattern HASHED = Pattern.compile("(?:.*/)?[^/]+[.-][0-9a-f]{8,64}(?:\\.[A-Za-z0-9]+)+");
    private static final String UNKNOWN = "application/octet-stream";
    private static final long YEAR_SECONDS = 31_536_000;

    /** @param maxAgeSeconds if it has no hash in its name */
    Asset(String key, List<AssetForm> forms, long maxAgeSeconds) {
        this.forms = List.copyOf(forms);
        type = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, type(key));
        cacheControl = new PreEncodedHttpField(
                HttpHeader.CACHE_CONTROL,
                isHashed(key) ? "public, max-age=" + YEAR_SECONDS + ", immutable" : "public, max-age=" + maxAgeSeconds);
        bytes = forms.stream().mapToLong(AssetForm::length).sum();
    }

    /** Whether its name has a hash of its content, as build tools write it: then it never changes. */
    public static boolean isHashed(String key) {
        return HASHED.matcher(key).matches();
    }

    static String type(String key) {
        String type = Optional.ofNullable(MimeTypes.DEFAULTS.getMimeByExtension(key)).orElse(UNKNOWN);
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

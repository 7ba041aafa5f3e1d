package com.espra.protoplex.files.appfiles.asset;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** An asset in one coding. */
public final class AssetForm {

    /** What it says of the plain form. */
    static final String PLAIN = "";

    private final String coding;
    private final HttpField codingField;
    private final String tag;
    private final HttpField tagField;
    private final byte[] content;

    /** @param coding a word of RFC 9110, section 8.4.1, or {@link #PLAIN} */
    AssetForm(String coding, String digest, byte[] content) {
        this.coding = coding;
        this.content = content;
        tag = '"' + digest + (coding.isEmpty() ? "" : "." + coding) + '"';
        tagField = new PreEncodedHttpField(HttpHeader.ETAG, tag);
        codingField = new PreEncodedHttpField(HttpHeader.CONTENT_ENCODING, coding);
    }

    /** The coding; empty for none. */
    public String coding() {
        return coding;
    }

    /** The coding for a response. */
    public HttpField codingField() {
        return codingField;
    }

    /** Its strong entity tag. */
    public String tag() {
        return tag;
    }

    /** The tag for a response. */
    public HttpField tagField() {
        return tagField;
    }

    /** In bytes. */
    public int length() {
        return content.length;
    }

    /** A part of it. */
    public ByteBuffer part(int from, int length) {
        return ByteBuffer.wrap(content, from, length).slice().asReadOnlyBuffer();
    }
}

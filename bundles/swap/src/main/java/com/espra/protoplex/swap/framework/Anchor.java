package com.espra.protoplex.swap.framework;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/** The bundle without code whose context sees what its generation sees. */
final class Anchor {

    /** The last part of its location. */
    static final String NAME = "anchor";

    private Anchor() {}

    /**
     * Its jar, which is nothing but a manifest.
     *
     * @param capabilities what it provides, as in a manifest; may be empty
     */
    static InputStream jar(String generation, String capabilities) {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "com.espra.protoplex.anchor." + generation);
        headers.putValue(Constants.BUNDLE_NAME, "Anchor of " + generation);
        if (!capabilities.isEmpty()) {
            headers.putValue(Constants.PROVIDE_CAPABILITY, capabilities);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            new JarOutputStream(bytes, manifest).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}

package com.espra.protoplex.files.s3files.serve;

import java.util.Locale;
import java.util.Set;

/**
 * The type of what is read by the address of its content. Whoever uploaded it first has said it, and it is served on every host: so nothing that
 * a browser would run, or show as a page, is given its type there. A role that knows the file by its name says its type itself.
 */
final class AddressedType {

    /** Of what is saved and never shown. */
    static final String OPAQUE = "application/octet-stream";

    private static final String PLAIN = "text/plain";
    private static final String TOKEN = "[a-z0-9!#$&^_.+-]+";
    private static final Set<String> FAMILIES = Set.of("image", "audio", "video", "font");
    /** An image that has scripts. */
    private static final String SVG = "svg";

    private AddressedType() {}

    /** The type as kept, if it is harmless, without its parameters; else {@link #OPAQUE}. */
    static String of(String kept) {
        String type = kept.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (type.equals(PLAIN)) {
            return "text/plain;charset=utf-8";
        }
        int slash = type.indexOf('/');
        boolean harmless = slash > 0
                && FAMILIES.contains(type.substring(0, slash))
                && type.substring(slash + 1).matches(TOKEN)
                && !type.contains(SVG)
                && !type.endsWith("xml");
        return harmless ? type : OPAQUE;
    }
}

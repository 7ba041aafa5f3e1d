package com.espra.protoplex.files;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What nobody can guess. */
public final class Secret {

    private Secret() {}

    /** So many random bytes, as hexadecimal digits. */
    public static String hex(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}

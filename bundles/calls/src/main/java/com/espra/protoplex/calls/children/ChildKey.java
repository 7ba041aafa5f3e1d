package com.espra.protoplex.calls.children;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.osgi.service.component.annotations.Component;

/** By what a child knows its parent: a key that it makes when it starts, and tells nobody else. So both need nothing of the fleet's for it. */
@Component(service = ChildKey.class)
public final class ChildKey {

    private static final int BYTES = 32;

    private final String key;

    public ChildKey() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        key = HexFormat.of().formatHex(random);
    }

    /** In hexadecimal digits. */
    public String key() {
        return key;
    }
}

package com.espra.protoplex.relay.door;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/** By what a child believes what its parent relays: a key that it makes when it starts, and tells nobody else. */
@Component(service = DoorKey.class)
public final class DoorKey {

    private static final int BYTES = 32;

    private final String key;

    public DoorKey() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        key = HexFormat.of().formatHex(random);
    }

    /** In hexadecimal digits. */
    String key() {
        return key;
    }

    /** Whether this is it. It takes as long for every wrong one. */
    boolean is(@Nullable String said) {
        return said != null
                && MessageDigest.isEqual(
                        key.getBytes(StandardCharsets.US_ASCII), said.getBytes(StandardCharsets.ISO_8859_1));
    }
}

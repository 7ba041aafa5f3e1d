package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What makes a Seed the Seed of its fleet. It seals what it desires; nodes give that back, and only what was sealed with this key is
 * taken for the word of a Seed: a node that lies cannot change what the others run.
 */
public final class FleetKey {

    private static final String ALGORITHM = "HmacSHA256";

    private final String id;
    private final SecretKeySpec secret;

    /**
     * @param id the fleet
     * @param secret known to the Seeds of this fleet alone
     */
    public FleetKey(String id, byte[] secret) {
        this.id = id;
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** The id of the fleet. */
    public String id() {
        return id;
    }

    /** The same, sealed; of what it came with, the fleet and the seal do not count. */
    public LinkFrame.Desired seal(LinkFrame.Desired desired) {
        return new LinkFrame.Desired(
                id,
                desired.sequence(),
                desired.time(),
                desired.units(),
                desired.words(),
                desired.placed(),
                mac(desired));
    }

    /** The key that the secrets of a unit are sealed with, 32 bytes: it is made of this one, and tells nothing of it. */
    public byte[] unitKey(String unit) {
        return mac("protoplex secrets 1\n" + unit);
    }

    public boolean proves(LinkFrame.Desired desired) {
        String expected = mac(desired);
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), desired.seal().getBytes(StandardCharsets.UTF_8));
    }

    /** Names and digests have no blanks and no line ends, so two states never have one text. */
    private String mac(LinkFrame.Desired desired) {
        LinkFrame.Placed placed = desired.placed();
        StringBuilder text = new StringBuilder("protoplex desired 2\n");
        line(text, id, desired.sequence(), desired.time());
        new TreeMap<>(desired.units()).forEach((unit, digest) -> line(text, "unit", unit, digest));
        new TreeMap<>(desired.words()).forEach((unit, word) -> line(text, "word", unit, word.kind(), word.changed()));
        line(text, "placed", placed.changed());
        new TreeSet<>(placed.roles()).forEach(role -> line(text, "role", role));
        return HexFormat.of().formatHex(mac(text.toString()));
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static void line(StringBuilder text, Object... words) {
        for (Object word : words) {
            text.append(word).append(' ');
        }
        text.append('\n');
    }
}

package com.espra.protoplex.seed.state;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
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

    public LinkFrame.Desired seal(long sequence, long time, Map<String, String> units) {
        return new LinkFrame.Desired(id, sequence, time, units, mac(sequence, time, units));
    }

    public boolean proves(LinkFrame.Desired desired) {
        String expected = mac(desired.sequence(), desired.time(), desired.units());
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), desired.seal().getBytes(StandardCharsets.UTF_8));
    }

    /** Names and digests have no blanks and no line ends, so two states never have one text. */
    private String mac(long sequence, long time, Map<String, String> units) {
        StringBuilder text = new StringBuilder("protoplex desired 1\n")
                .append(id)
                .append(' ')
                .append(sequence)
                .append(' ')
                .append(time)
                .append('\n');
        new TreeMap<>(units)
                .forEach((unit, digest) ->
                        text.append(unit).append(' ').append(digest).append('\n'));
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}

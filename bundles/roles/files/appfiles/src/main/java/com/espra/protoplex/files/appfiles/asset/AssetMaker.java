package com.espra.protoplex.files.appfiles.asset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Makes assets of files: their tags and their codings. */
public final class AssetMaker {

    /** Codings that a build may bring ready-made, by the end of the name; the best first. */
    private static final List<Map.Entry<String, String>> BROUGHT =
            List.of(Map.entry(".br", "br"), Map.entry(".zst", "zstd"), Map.entry(".gz", "gzip"));

    private static final String GZIP = "gzip";
    private static final int SMALLEST = 256;
    /** With less to gain the plain form is sent. */
    private static final double WORTH_IT = 0.95;

    private static final Set<String> COMPRESSIBLE = Set.of(
            "application/json",
            "application/manifest+json",
            "application/wasm",
            "application/xml",
            "application/javascript",
            "image/svg+xml",
            "font/ttf",
            "font/otf");

    /** Names with a hash as most tools write them: eight or more of 0-9a-f before the ending. */
    public static final String HASHED = "(?:.*/)?[^/]+[.-][0-9a-f]{8,64}(?:\\.[A-Za-z0-9]+)+";

    private final long maxAgeSeconds;
    private final Pattern hashed;

    /**
     * For a build.
     *
     * @param maxAgeSeconds how long others may keep what has no hash in its name
     * @param hashed which paths have a hash of their content: they never change
     */
    public AssetMaker(long maxAgeSeconds, Pattern hashed) {
        this.maxAgeSeconds = maxAgeSeconds;
        this.hashed = hashed;
    }

    /** Whether a path of a build has a hash of its content. */
    public boolean isHashed(String key) {
        return hashed.matcher(key).matches();
    }

    private long maxAge(String key) {
        return isHashed(key) ? Asset.FOR_EVER : maxAgeSeconds;
    }

    /** What an asset is told apart by: the SHA-256 of its content, base64url. */
    public static String digest(byte[] content) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it is only a coding of another file, which is served under the name of that one. */
    public static boolean isCodingOf(String key, Set<String> keys) {
        return BROUGHT.stream()
                .anyMatch(brought -> key.endsWith(brought.getKey())
                        && keys.contains(
                                key.substring(0, key.length() - brought.getKey().length())));
    }

    /**
     * Makes one.
     *
     * @param files all of the build: it may bring codings of this file, such as {@code app.js.br}
     */
    public Asset make(String key, Map<String, byte[]> files) {
        byte[] plain = files.getOrDefault(key, new byte[0]);
        String digest = digest(plain);
        List<AssetForm> forms = new ArrayList<>();
        for (Map.Entry<String, String> brought : BROUGHT) {
            byte[] coded = files.get(key + brought.getKey());
            if (coded != null && coded.length < plain.length) {
                forms.add(new AssetForm(brought.getValue(), digest, coded));
            }
        }
        if (forms.stream().noneMatch(form -> form.coding().equals(GZIP))
                && isCompressible(key)
                && plain.length >= SMALLEST) {
            byte[] coded = gzip(plain);
            if (coded.length < plain.length * WORTH_IT) {
                forms.add(new AssetForm(GZIP, digest, coded));
            }
        }
        forms.add(new AssetForm(AssetForm.PLAIN, digest, plain));
        return new Asset(key, forms, maxAge(key));
    }

    /** One that never changes, without codings. */
    public Asset plain(String key, byte[] content) {
        return new Asset(key, List.of(new AssetForm(AssetForm.PLAIN, digest(content), content)), Asset.FOR_EVER);
    }

    private static boolean isCompressible(String key) {
        String type = Asset.type(key).split(";", 2)[0];
        return type.startsWith("text/") || COMPRESSIBLE.contains(type);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream(content.length / 2);
        try (GZIPOutputStream out = new GZIPOutputStream(coded) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }
}

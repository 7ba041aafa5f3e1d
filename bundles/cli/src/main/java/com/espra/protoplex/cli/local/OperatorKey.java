package com.espra.protoplex.cli.local;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * The operator's SSH key pair, in OpenSSH's formats, so that {@code ssh -i} takes it too. An Ed25519 pair is made when there is none;
 * a pair that the operator put there is used, whatever its type.
 *
 * <p>It is made with the JDK alone: {@code up} needs it, and should not wait for an SSH library to load.
 *
 * @param privateKey the file of the private key (0600)
 * @param publicKey the file of the public key
 * @param authorizedKey the public key as a line of an {@code authorized_keys} file, without a line end
 */
public record OperatorKey(Path privateKey, Path publicKey, String authorizedKey) {

    /** The private key's file name; the public key's ends in {@code .pub}. */
    public static final String NAME = "operator";

    private static final String TYPE = "ssh-ed25519";
    private static final int RAW_LENGTH = 32;
    private static final int CIPHER_BLOCK = 8;

    /**
     * Finds the operator's key pair, or makes it.
     *
     * @param keys the folder of keys, created when it is missing
     * @throws IOException if the folder cannot be read or written, or holds half of a pair: the message says what to do
     */
    public static OperatorKey in(Path keys) throws IOException {
        Path privateKey = keys.resolve(NAME);
        Path publicKey = keys.resolve(NAME + ".pub");
        boolean complete = Files.exists(publicKey);
        if (!Files.exists(privateKey)) {
            if (complete) {
                throw new IOException(
                        "the private key to " + publicKey + " is missing: put it back, or delete that file too");
            }
            make(keys, privateKey, publicKey);
        } else if (!complete) {
            throw new IOException("the public key to " + privateKey + " is missing: make it with 'ssh-keygen -y -f "
                    + privateKey + " > " + publicKey + "'");
        }
        return new OperatorKey(
                privateKey, publicKey, Files.readString(publicKey).strip());
    }

    private static void make(Path keys, Path privateKey, Path publicKey) throws IOException {
        Files.createDirectories(keys);
        KeyPair pair = generate();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - RAW_LENGTH, encoded.length);
        String comment = "protoplex-operator";
        byte[] blob = publicBlob(point);
        String line = TYPE + " " + Base64.getEncoder().encodeToString(blob) + " " + comment + "\n";
        // The private key last: a pair without it is made anew by nobody, one without the public key is explained.
        PrivateFiles.create(privateKey, pem(blob, point, seed, comment));
        Disk.replace(publicKey, line.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no Ed25519, which every Java since 15 must have", e);
        }
    }

    private static byte[] publicBlob(byte[] point) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        string(out, TYPE.getBytes(StandardCharsets.US_ASCII));
        string(out, point);
        return bytes.toByteArray();
    }

    /** The layout of PROTOCOL.key in OpenSSH's sources, without encryption. */
    private static String pem(byte[] blob, byte[] point, byte[] seed, String comment) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
        string(out, "none".getBytes(StandardCharsets.US_ASCII));
        string(out, "none".getBytes(StandardCharsets.US_ASCII));
        string(out, new byte[0]);
        out.writeInt(1);
        string(out, blob);
        string(out, privateSection(blob, point, seed, comment));
        String body = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(bytes.toByteArray());
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + body + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }

    private static byte[] privateSection(byte[] blob, byte[] point, byte[] seed, String comment) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        int check = new SecureRandom().nextInt();
        out.writeInt(check);
        out.writeInt(check);
        out.write(blob);
        out.writeInt(seed.length + point.length);
        out.write(seed);
        out.write(point);
        string(out, comment.getBytes(StandardCharsets.UTF_8));
        for (int pad = 1; bytes.size() % CIPHER_BLOCK != 0; pad++) {
            out.writeByte(pad);
        }
        return bytes.toByteArray();
    }

    private static void string(DataOutputStream out, byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }
}

package com.espra.protoplex.shell;

import com.espra.protoplex.files.Disk;
import com.espra.protoplex.files.PrivateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;

/** The node's own key, by which clients know it again: Ed25519, made once, in OpenSSH's format, readable by its owner alone. */
final class HostKeyFile {

    private static final String NAME = "host_ed25519";

    private final Path privateKey;
    private final Path publicKey;

    HostKeyFile(Path folder) {
        this.privateKey = folder.resolve(NAME);
        this.publicKey = folder.resolve(NAME + ".pub");
    }

    /** Reads the key, or makes it. The public key is written beside it each time, for clients on this machine. */
    KeyPair load() throws IOException, GeneralSecurityException {
        if (!Files.exists(privateKey)) {
            KeyPair made =
                    SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(made, "protoplex node", null, text);
            PrivateFiles.replace(privateKey, text.toByteArray());
        }
        KeyPair pair = read();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePublicKey(pair.getPublic(), "protoplex node", text);
        Disk.publish(publicKey, text.toByteArray());
        return pair;
    }

    private KeyPair read() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(privateKey)) {
            for (KeyPair pair : SecurityUtils.loadKeyPairIdentities(
                    null, NamedResource.ofName(privateKey.toString()), in, FilePasswordProvider.EMPTY)) {
                return pair;
            }
        } catch (RuntimeException | GeneralSecurityException e) {
            throw new IOException(unusable(), e);
        }
        throw new IOException(unusable());
    }

    private String unusable() {
        return "the host key " + privateKey
                + " cannot be used: delete it, and a new one is made; clients will ask about the change";
    }
}

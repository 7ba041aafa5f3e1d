package com.espra.protoplex.cli.ssh;

import com.espra.protoplex.files.PrivateFiles;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/**
 * Whether the one that answers is the node. What the node itself wrote down counts when it runs on this machine; otherwise the key
 * that answered first is recorded, and must not change.
 */
final class HostKey implements ServerKeyVerifier {

    private final Target target;

    private volatile @Nullable ShellException refusal;

    HostKey(Target target) {
        this.target = target;
    }

    /** Why the key was refused; empty when it was not, or none was offered yet. */
    Optional<ShellException> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey offered) {
        try {
            Path known = Files.exists(target.ownHostKey()) ? target.ownHostKey() : target.knownHost();
            if (!Files.exists(known)) {
                record(known, offered);
                return true;
            }
            if (KeyUtils.compareKeys(read(known), offered)) {
                return true;
            }
            refusal = ShellException.refused(
                    "the host key of " + target + " is not the one in " + known
                            + ": something else answers there, or the node"
                            + " was made anew. Delete that file if you know that it was",
                    null);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            refusal = ShellException.refused("the host key of " + target + " cannot be checked: " + e.getMessage(), e);
        }
        return false;
    }

    private static @Nullable PublicKey read(Path file) throws IOException, GeneralSecurityException {
        return PublicKeyEntry.parsePublicKeyEntry(Files.readString(file).strip())
                .resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING);
    }

    private static void record(Path file, PublicKey key) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        PrivateFiles.replace(file, (PublicKeyEntry.toString(key) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}

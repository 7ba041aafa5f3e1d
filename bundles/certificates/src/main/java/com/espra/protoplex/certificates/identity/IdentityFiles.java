package com.espra.protoplex.certificates.identity;

import com.espra.protoplex.certificates.TlsFiles;
import java.nio.file.Path;

/**
 * Where a node keeps what it is.
 *
 * @param own its certificate and its key
 * @param authority the certificate of what vouches for the nodes of its fleet
 * @param revoked the keys that were revoked: see {@link RevokedKeys}; it need not be there
 */
public record IdentityFiles(TlsFiles own, Path authority, Path revoked) {

    /** In the folder of a node's data: what is its own, and not shared with others. */
    public static final String FOLDER = "identity";

    /** The file of the revoked keys in that folder. */
    public static final String REVOKED = "revoked";

    /** Those of a node that was not told of others. */
    public static IdentityFiles in(Path folder) {
        return new IdentityFiles(
                new TlsFiles(folder.resolve("node.crt"), folder.resolve("node.key")),
                folder.resolve("ca.crt"),
                folder.resolve(REVOKED));
    }
}

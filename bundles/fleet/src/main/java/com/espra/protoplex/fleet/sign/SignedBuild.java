package com.espra.protoplex.fleet.sign;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.BuildManifest;
import java.util.Collection;
import java.util.Optional;

/** A build as it travels: the exact bytes of its manifest, and its author's signature over them. */
public final class SignedBuild {

    /** The length of an Ed25519 signature, in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    private final byte[] manifest;
    private final byte[] signature;
    private final Build build;
    private final String digest;

    private SignedBuild(byte[] manifest, byte[] signature) throws BuildException {
        this.manifest = manifest.clone();
        this.signature = signature.clone();
        this.build = BuildManifest.read(this.manifest);
        this.digest = BuildManifest.digest(this.manifest);
    }

    /**
     * Reads a build that has come from somewhere. It is not trusted yet: see {@link #requireAuthor}.
     *
     * @throws BuildException if the manifest is wrong
     */
    public static SignedBuild of(byte[] manifest, byte[] signature) throws BuildException {
        return new SignedBuild(manifest, signature);
    }

    /**
     * Signs a build.
     *
     * @throws BuildException if the build is not as {@link Build} says it must be
     */
    public static SignedBuild sign(Build build, AuthorKey key) throws BuildException {
        byte[] manifest = BuildManifest.write(build);
        return new SignedBuild(manifest, key.sign(manifest));
    }

    /**
     * Checks that an author who is trusted signed exactly this manifest.
     *
     * @throws BuildException if not
     */
    public void requireAuthor(Collection<Author> trusted) throws BuildException {
        Optional<Author> author = trusted.stream()
                .filter(candidate -> candidate.id().equals(build.author()))
                .findFirst();
        if (author.isEmpty()) {
            throw new BuildException(
                    "build " + build.unit() + " " + build.version() + " is from author " + build.author()
                            + ", whom nobody here trusts",
                    "if you know this author, add the author.pub of key " + build.author()
                            + " to 'trust.authors' in node.json");
        }
        if (!author.get().verify(manifest, signature)) {
            throw new BuildException(
                    "the signature of build " + build.unit() + " " + build.version() + " is wrong: author "
                            + build.author() + " did not sign this manifest",
                    "push it again; if that does not help, somebody changes builds on their way");
        }
    }

    /** What it is made of. */
    public Build build() {
        return build;
    }

    /** Its digest: the sha256 of the manifest. */
    public String digest() {
        return digest;
    }

    /** The exact bytes of the manifest. */
    public byte[] manifest() {
        return manifest.clone();
    }

    /** The signature. */
    public byte[] signature() {
        return signature.clone();
    }

    @Override
    public String toString() {
        return build.unit() + " " + build.version() + " (" + digest + ")";
    }
}

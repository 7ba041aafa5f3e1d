package com.espra.protoplex.certificates;

import java.io.IOException;
import java.nio.file.Path;

/** Which files a listener's certificate is in, by its configuration. */
public final class ListenerCertificate {

    private ListenerCertificate() {}

    /**
     * Finds them, and makes them when none are configured.
     *
     * @param listener its name
     * @param certificate the file, or nothing for a certificate that the node makes for itself
     * @param key the file, or nothing when the certificate's file has both
     * @param own where the self-made one is
     * @throws IOException if they cannot be used; the message says what to do
     */
    public static TlsFiles files(String listener, String certificate, String key, Path own) throws IOException {
        if (certificate.isEmpty() && !key.isEmpty()) {
            throw new IOException("listener " + listener + " has a key without a certificate: set both listeners."
                    + listener + ".certificate and .key, or neither");
        }
        if (certificate.isEmpty()) {
            return SelfSignedCertificate.in(own);
        }
        TlsFiles given = new TlsFiles(Path.of(certificate), Path.of(key.isEmpty() ? certificate : key));
        PemFiles.requireMatch(given);
        return given;
    }
}

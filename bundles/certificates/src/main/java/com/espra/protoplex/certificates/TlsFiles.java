package com.espra.protoplex.certificates;

import java.nio.file.Path;

/**
 * Where a listener's certificate is.
 *
 * @param certificate PEM: the certificate, and those that vouch for it
 * @param key PEM: its private key, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}

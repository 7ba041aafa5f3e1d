package com.espra.protoplex.files.vhostfiles.site;

import java.time.Instant;

/**
 * Where a file of a host is.
 *
 * @param address of its content: the key of its blob
 * @param contentType of it
 * @param modified since when it is this one, to the second
 */
public record StoredFile(String address, String contentType, Instant modified) {}

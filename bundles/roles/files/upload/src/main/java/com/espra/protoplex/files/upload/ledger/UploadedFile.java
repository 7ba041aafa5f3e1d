package com.espra.protoplex.files.upload.ledger;

/**
 * A file, as it is recorded.
 *
 * @param upload by which it came
 * @param token the id of the token
 * @param owner of the token
 * @param host of whose files it is
 * @param key its key there
 * @param address of its content: the key of its blob
 * @param contentType of it
 * @param length in bytes
 */
public record UploadedFile(
        String upload,
        String token,
        String owner,
        String host,
        String key,
        String address,
        String contentType,
        long length) {}

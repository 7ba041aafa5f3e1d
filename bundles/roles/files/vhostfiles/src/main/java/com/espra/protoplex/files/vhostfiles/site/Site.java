package com.espra.protoplex.files.vhostfiles.site;

/**
 * What is served at a host.
 *
 * @param host whose files
 * @param index the file of a folder; empty: folders have none
 * @param notFound the key of the page that says that there is no such file; may be empty
 */
public record Site(String host, String index, String notFound) {}

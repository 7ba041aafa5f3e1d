package com.espra.protoplex.files.vhostfiles.site;

/**
 * What an operator has said of a host.
 *
 * @param host a name, or {@code *.name} for all below it
 * @param aliasOf whose files are served there; empty: its own, of a wildcard those of each host that it stands for
 * @param index the file of a folder; empty: folders have none
 * @param notFound the key of the page that says that there is no such file; may be empty
 */
public record HostRow(String host, String aliasOf, String index, String notFound) {}

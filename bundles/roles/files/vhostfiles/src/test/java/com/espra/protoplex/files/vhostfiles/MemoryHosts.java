package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.files.vhostfiles.site.HostLedger;
import com.espra.protoplex.files.vhostfiles.site.HostRow;
import com.espra.protoplex.files.vhostfiles.site.StoredFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** What the Datastore does, without one. */
final class MemoryHosts implements HostLedger {

    final Map<String, HostRow> hosts = new ConcurrentSkipListMap<>();
    final Map<String, StoredFile> files = new ConcurrentSkipListMap<>();
    volatile boolean away;

    private void requireThere() throws IOException {
        if (away) {
            throw new IOException("away");
        }
    }

    @Override
    public Optional<HostRow> first(List<String> patterns) throws IOException {
        requireThere();
        return patterns.stream().map(hosts::get).filter(Objects::nonNull).findFirst();
    }

    @Override
    public List<HostRow> hosts() throws IOException {
        requireThere();
        return List.copyOf(hosts.values());
    }

    @Override
    public void put(HostRow host) throws IOException {
        requireThere();
        hosts.put(host.host(), host);
    }

    @Override
    public boolean remove(String host) throws IOException {
        requireThere();
        return hosts.remove(host) != null;
    }

    @Override
    public Optional<StoredFile> file(String host, String key) throws IOException {
        requireThere();
        return Optional.ofNullable(files.get(host + "/" + key));
    }

    @Override
    public boolean removeFile(String host, String key) throws IOException {
        requireThere();
        return files.remove(host + "/" + key) != null;
    }
}

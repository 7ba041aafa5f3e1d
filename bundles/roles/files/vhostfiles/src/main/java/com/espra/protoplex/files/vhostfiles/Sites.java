package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.api.live.Live;
import com.espra.protoplex.api.live.LiveUpdate;
import com.espra.protoplex.api.meter.Meters;
import com.espra.protoplex.files.vhostfiles.known.Lookups;
import com.espra.protoplex.files.vhostfiles.site.DatastoreHosts;
import com.espra.protoplex.files.vhostfiles.site.HostLedger;
import com.espra.protoplex.files.vhostfiles.site.HostNames;
import com.espra.protoplex.files.vhostfiles.site.HostRow;
import com.espra.protoplex.files.vhostfiles.site.Site;
import com.espra.protoplex.files.vhostfiles.site.StoredFile;
import com.google.cloud.datastore.Datastore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What this node knows of hosts and their files, while the role is there. */
@Component(service = Sites.class, configurationPid = VhostFilesConfig.PID)
public final class Sites {

    private static final int SMALLEST_MIB = 4;
    private static final int HOSTS_SHARE = 8;
    private static final int ROW_BYTES = 400;
    private static final int TELL_SECONDS = 10;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Live live;

    private final HostLedger ledger;
    private final Lookups<Site> hosts;
    private final Lookups<StoredFile> files;
    private final Hearing hearing = new Hearing();

    /** Knows nothing. */
    @Activate
    public Sites(@Reference Datastore datastore, @Reference Meters meters, VhostFilesConfig config) {
        this(new DatastoreHosts(datastore), meters, config, System::nanoTime);
    }

    /** With another source of what is known. */
    Sites(HostLedger ledger, Meters meters, VhostFilesConfig config, LongSupplier nanos) {
        if (config.namesMiB() < SMALLEST_MIB) {
            throw new IllegalArgumentException("namesMiB: use at least " + SMALLEST_MIB);
        }
        this.ledger = ledger;
        long most = (long) config.namesMiB() << 20;
        hosts = new Lookups<>(this::lookForHost, most / HOSTS_SHARE, _ -> ROW_BYTES, _ -> hearing.shelf(true), nanos);
        files = new Lookups<>(
                this::lookForFile,
                most - most / HOSTS_SHARE,
                _ -> ROW_BYTES,
                name -> hearing.shelf(SiteNews.isTold(name)),
                nanos);
        meters.gauge(
                "names",
                "Names of files that are known, or known to be missing",
                () -> files.facts().names());
    }

    private Optional<Site> lookForHost(String host) throws IOException {
        Optional<HostRow> row = ledger.first(HostNames.candidates(host));
        if (row.isEmpty() || row.get().aliasOf().isEmpty()) {
            return row.map(own -> new Site(host, own.index(), own.notFound()));
        }
        String target = row.get().aliasOf();
        return ledger.first(HostNames.candidates(target))
                .filter(own -> own.aliasOf().isEmpty())
                .map(own -> new Site(target, own.index(), own.notFound()));
    }

    private Optional<StoredFile> lookForFile(String name) throws IOException {
        int slash = name.indexOf('/');
        return ledger.file(name.substring(0, slash), name.substring(slash + 1));
    }

    /**
     * What is served at a host.
     *
     * @throws IOException if that cannot be known now
     */
    Optional<Site> site(String host) throws IOException {
        return hosts.get(host);
    }

    /**
     * What a host has under a key.
     *
     * @throws IOException if that cannot be known now
     */
    Optional<StoredFile> file(String host, String key) throws IOException {
        return files.get(host + "/" + key);
    }

    /** What is known, for a table. */
    public record NameFacts(int hosts, int files, long bytes, int lookups, boolean datastoreIsAnswering) {}

    NameFacts facts() {
        Lookups.Facts known = files.facts();
        Lookups.Facts knownHosts = hosts.facts();
        return new NameFacts(
                knownHosts.names(),
                known.names(),
                known.bytes() + knownHosts.bytes(),
                known.looks() + knownHosts.looks(),
                known.isAnswering() && knownHosts.isAnswering());
    }

    void fileChanged(String name) {
        files.changed(name);
    }

    void hostsChanged() {
        hosts.allChanged();
    }

    void everythingMayHaveChanged() {
        hearing.begins();
        hosts.everythingMayHaveChanged();
        files.everythingMayHaveChanged();
    }

    void hearsNothing() {
        hearing.ends();
    }

    /** The hosts, in the order of their names. */
    List<HostRow> rows() throws IOException {
        return ledger.hosts();
    }

    /** Who says what is served at this host. */
    Optional<HostRow> rowOf(String host) throws IOException {
        return ledger.first(HostNames.candidates(host));
    }

    /** Adds or changes a host, here and everywhere. */
    void put(HostRow host) throws IOException {
        ledger.put(host);
        hostsChanged();
        tell(SiteNews.HOSTS + host.host());
    }

    /** Takes a host away, here and everywhere; false if there is none. */
    boolean remove(String host) throws IOException {
        boolean there = ledger.remove(host);
        hostsChanged();
        tell(SiteNews.HOSTS + host);
        return there;
    }

    /** Takes a file away, here and everywhere; false if there is none. */
    boolean removeFile(String host, String key) throws IOException {
        boolean there = ledger.removeFile(host, key);
        fileChanged(host + "/" + key);
        tell(SiteNews.FILES + host + "/" + key);
        return there;
    }

    private void tell(String key) throws IOException {
        Live known = live;
        if (known == null) {
            return;
        }
        try {
            known.publish(LiveUpdate.changed(key)).toCompletableFuture().get(TELL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("stopped").initCause(e);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw new IOException("it is done, but other nodes were not told (" + e + "): do it once more", e);
        }
    }

    @Deactivate
    void close() {
        hosts.close();
        files.close();
    }
}

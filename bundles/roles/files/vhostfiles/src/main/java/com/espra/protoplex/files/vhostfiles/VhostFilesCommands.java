package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.api.blob.BlobKeys;
import com.espra.protoplex.files.vhostfiles.site.HostNames;
import com.espra.protoplex.files.vhostfiles.site.HostRow;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands in the shell of a node with the role. */
@Component(
        service = VhostFilesCommands.class,
        property = {
            "osgi.command.scope=files",
            "osgi.command.function=host",
            "osgi.command.function=names",
            "osgi.command.function=remove"
        })
public final class VhostFilesCommands {

    private static final String USAGE =
            "use host list, host add HOST, host alias HOST ALIAS, or host remove HOST; several at once if you like";

    private final Sites sites;

    /** Of this node. */
    @Activate
    public VhostFilesCommands(@Reference Sites sites) {
        this.sites = sites;
    }

    @Descriptor("hosts whose files are served: host list; host add --not-found 404.html www.example.com;"
            + " host add '*.example.com'; host alias www.example.com example.com; host remove example.com")
    public List<HostRow> host(
            @Descriptor("the file of a folder; '' for none") @Parameter(names = "--index", absentValue = "index.html")
                    String index,
            @Descriptor("the key of the page that says that there is no such file")
                    @Parameter(names = "--not-found", absentValue = "")
                    String notFound,
            String what,
            String... hosts)
            throws IOException {
        List<String> names = Arrays.stream(hosts).map(HostNames::pattern).toList();
        switch (what) {
            case "list" -> {}
            case "add" -> add(names, index, notFound);
            case "alias" -> alias(names);
            case "remove" -> remove(names);
            default -> throw new IllegalArgumentException(USAGE);
        }
        return sites.rows();
    }

    private static void require(boolean isSo) {
        if (!isSo) {
            throw new IllegalArgumentException(USAGE);
        }
    }

    private void add(List<String> names, String index, String notFound) throws IOException {
        require(!names.isEmpty());
        if (!index.isEmpty()) {
            BlobKeys.require(index);
        }
        if (!notFound.isEmpty()) {
            BlobKeys.require(notFound);
        }
        for (String name : names) {
            sites.put(new HostRow(name, "", index, notFound));
        }
    }

    private void alias(List<String> names) throws IOException {
        require(names.size() > 1);
        String target = names.getFirst();
        Optional<HostRow> host = sites.rowOf(target);
        if (target.startsWith("*") || host.isEmpty() || !host.get().aliasOf().isEmpty()) {
            throw new IllegalArgumentException("'" + target + "' has no files of its own: files:host add it first");
        }
        for (String name : names.subList(1, names.size())) {
            if (name.equals(target)) {
                throw new IllegalArgumentException("'" + name + "' cannot be an alias of itself");
            }
            sites.put(new HostRow(name, target, "", ""));
        }
    }

    private void remove(List<String> names) throws IOException {
        require(!names.isEmpty());
        for (String name : names) {
            if (!sites.remove(name)) {
                throw new IllegalArgumentException("there is no host " + name + ": files:host list shows them");
            }
        }
    }

    @Descriptor("what this node knows of hosts and names of files, and whether the Datastore answers")
    public Sites.NameFacts names() {
        return sites.facts();
    }

    @Descriptor("takes a file of a host away; its content stays: remove www.example.com css/site.css")
    public String remove(String host, String key) throws IOException {
        String name = HostNames.pattern(host);
        if (!sites.removeFile(name, BlobKeys.require(key))) {
            throw new IllegalArgumentException(name + " has no file " + key);
        }
        return key + " of " + name + " is gone";
    }
}

package com.espra.protoplex.files.upload;

import com.espra.protoplex.api.blob.BlobKeys;
import com.espra.protoplex.files.Secret;
import com.espra.protoplex.files.upload.ledger.ContentTypes;
import com.espra.protoplex.files.upload.ledger.UploadToken;
import com.espra.protoplex.files.upload.web.UploadWeb;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands in the shell of a node with the role. */
@Component(
        service = UploadCommands.class,
        property = {
            "osgi.command.scope=files",
            "osgi.command.function=token",
            "osgi.command.function=tokens",
            "osgi.command.function=revoke",
            "osgi.command.function=uploads"
        })
public final class UploadCommands {

    private static final int TOKEN_BYTES = 32;

    private final Uploads uploads;

    /** Of this node. */
    @Activate
    public UploadCommands(@Reference Uploads uploads) {
        this.uploads = uploads;
    }

    /** A token, for a table. */
    public record TokenLine(String id, String owner, String file, long mostBytes, String expires, boolean single) {}

    /** What is under way here. */
    public record UploadFacts(int uploads) {}

    @Descriptor(
            "makes a token for uploads, and shows it once: token --single --mib 100 --hours 24 OWNER HOST 'pictures/*'")
    public String token(
            @Descriptor("for one file") @Parameter(names = "--single", presentValue = "true", absentValue = "false")
                    boolean single,
            @Descriptor("the largest file, in MiB") @Parameter(names = "--mib", absentValue = "1024") int mebibytes,
            @Descriptor("for how many hours uploads may begin") @Parameter(names = "--hours", absentValue = "24")
                    int hours,
            @Descriptor(
                            "types of files, with commas: image/*,text/html; what browsers run only if it is named, or by *")
                    @Parameter(names = "--types", absentValue = "")
                    String types,
            String owner,
            String host,
            String key)
            throws IOException {
        BlobKeys.require(key.endsWith("*") ? key.substring(0, key.length() - 1) + "x" : key);
        String secret = "up-" + Secret.hex(TOKEN_BYTES);
        uploads.ledger()
                .create(new UploadToken(
                        UploadWeb.tokenId(secret),
                        owner,
                        host,
                        key,
                        types.isEmpty()
                                ? List.of()
                                : Stream.of(types.split(","))
                                        .map(ContentTypes::requireAllowed)
                                        .toList(),
                        (long) mebibytes << 20,
                        Instant.now().plus(Duration.ofHours(hours)),
                        single,
                        ""));
        return secret;
    }

    @Descriptor("the tokens for uploads, by their ids")
    public List<TokenLine> tokens() throws IOException {
        return uploads.ledger().tokens().stream()
                .map(token -> new TokenLine(
                        token.id(),
                        token.owner(),
                        token.host() + "/" + token.key(),
                        token.mostBytes(),
                        token.expires().toString(),
                        token.single()))
                .toList();
    }

    @Descriptor("ends a token by its id: revoke 3f9a...")
    public String revoke(String id) throws IOException {
        if (!uploads.ledger().revoke(id)) {
            throw new IllegalArgumentException("there is no token " + id + ": files:tokens lists them");
        }
        return id + " is revoked";
    }

    @Descriptor("how many uploads are under way on this node")
    public UploadFacts uploads() {
        return new UploadFacts(uploads.spool().count());
    }
}

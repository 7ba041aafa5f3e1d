package com.espra.protoplex.seed.web;

import com.espra.protoplex.seed.backup.SeedBackup;
import com.espra.protoplex.seed.core.Fleet;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;

/** All that the Seed keeps, to take away. It is a POST since what leaves here is to be in the audit log. */
final class BackupApi {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Fleet fleet;
    private final SeedBackup backup;
    private final InstantSource clock;

    BackupApi(Fleet fleet, SeedBackup backup, InstantSource clock) {
        this.fleet = fleet;
        this.backup = backup;
        this.clock = clock;
    }

    List<ApiOperation> routes() {
        return List.of(new ApiOperation("POST", "/v1/backups", Access.ADMIN, this::write));
    }

    private void write(ApiExchange exchange) throws IOException {
        exchange.setHeader("Cache-Control", "no-store");
        // Not closed if it fails: a backup that is cut off must not end like a whole one.
        OutputStream out = new BufferedOutputStream(exchange.begin("application/zip"), BUFFER_BYTES);
        int builds = backup.write(fleet.data().fleet(), clock.instant(), out);
        exchange.note("builds: " + builds);
        exchange.ended(200);
        out.close();
    }
}

package com.espra.protoplex.datastore.client;

import com.espra.protoplex.api.datastore.DatastoreCalls;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.http.HttpTransportOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** Registers a {@code Datastore} of Google's client for the other bundles of its unit. */
@Component(
        service = {},
        immediate = true,
        configurationPid = DatastoreClientConfig.PID)
@Designate(ocd = DatastoreClientConfig.class)
public final class DatastoreClient {

    /** Is never asked: it keeps the client from looking for an address or credentials. */
    private static final String NOWHERE = "http://127.0.0.1:1";

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable DatastoreCalls calls;

    private final ServiceRegistration<Datastore> registration;

    /** @throws IOException if the credentials cannot be read */
    @Activate
    public DatastoreClient(BundleContext context, DatastoreClientConfig config) throws IOException {
        registration = context.registerService(
                Datastore.class, client(config, () -> calls), FrameworkUtil.asDictionary(Map.of()));
    }

    /** A client as the configuration says. */
    static Datastore client(DatastoreClientConfig config, Supplier<@Nullable DatastoreCalls> calls) throws IOException {
        int seconds = config.timeoutSeconds();
        if (seconds < 1 || seconds > 3600) {
            throw new IOException(
                    "timeoutSeconds of " + DatastoreClientConfig.PID + " is " + seconds + ": use 1 to 3600");
        }
        DatastoreOptions.Builder options = DatastoreOptions.newBuilder()
                .setProjectId(config.project())
                .setDatabaseId(config.database())
                .setNamespace(config.namespace());
        HttpTransportOptions.Builder transport = HttpTransportOptions.newBuilder()
                .setConnectTimeout(seconds * 1000)
                .setReadTimeout(seconds * 1000);
        if (config.host().isEmpty()) {
            options.setHost(NOWHERE)
                    .setCredentials(NoCredentials.getInstance())
                    .setTransportOptions(transport
                            .setHttpTransportFactory(() -> new CallsTransport(calls, Duration.ofSeconds(seconds)))
                            .build());
        } else {
            options.setHost(config.host()).setTransportOptions(transport.build());
            if (!config.credentials().isEmpty()) {
                options.setCredentials(credentials(Path.of(config.credentials())));
            }
        }
        return options.build().getService();
    }

    private static Credentials credentials(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return GoogleCredentials.fromStream(in).createScoped("https://www.googleapis.com/auth/datastore");
        }
    }

    /** The client itself holds nothing open: over HTTP it has no close. */
    @Deactivate
    void close() {
        registration.unregister();
    }
}

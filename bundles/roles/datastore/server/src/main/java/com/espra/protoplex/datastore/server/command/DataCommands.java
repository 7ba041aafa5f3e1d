package com.espra.protoplex.datastore.server.command;

import com.espra.protoplex.datastore.model.DatastoreService;
import com.espra.protoplex.datastore.server.OpenStore;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ds:get}, {@code ds:query} and {@code ds:put}: entities, by hand. */
@Component(service = DataCommands.class)
@GogoCommand(
        scope = "ds",
        function = {"get", "query", "put"})
public final class DataCommands {

    private static final String PROJECT = "protoplex";
    private static final String PROJECT_HELP = "the project; protoplex unless it is said";
    private static final String NAMESPACE_HELP = "the namespace; the default one unless it is said";

    private final DatastoreService service;

    /** While the store is open. */
    @Activate
    public DataCommands(@Reference OpenStore open) {
        service = open.service().as("operator", null, () -> false);
    }

    /** An entity. */
    public record EntityLine(String key, String properties) {}

    @Descriptor("an entity by its key: get Task:17, get --namespace shop Order:7/Item:x")
    public Object get(
            @Descriptor(PROJECT_HELP) @Parameter(names = "--project", absentValue = PROJECT) String project,
            @Descriptor(NAMESPACE_HELP) @Parameter(names = "--namespace", absentValue = "") String namespace,
            @Descriptor("Kind:name or Kind:17, after its ancestors") String key) {
        LookupResponse found = service.lookup(LookupRequest.newBuilder()
                .setProjectId(project)
                .addKeys(KeyText.read(partition(project, namespace), key))
                .build());
        return found.getFoundCount() == 0
                ? "there is no " + key
                : line(found.getFound(0).getEntity());
    }

    private static PartitionId partition(String project, String namespace) {
        return PartitionId.newBuilder()
                .setProjectId(project)
                .setNamespaceId(namespace)
                .build();
    }

    private static EntityLine line(Entity entity) {
        return new EntityLine(
                KeyText.write(entity.getKey()), PlainValues.write(entity).toString());
    }

    @Descriptor("what a query of GQL finds, its first 300 results: query \"SELECT * FROM Task WHERE done = FALSE\"")
    public Object query(
            @Descriptor(PROJECT_HELP) @Parameter(names = "--project", absentValue = PROJECT) String project,
            @Descriptor(NAMESPACE_HELP) @Parameter(names = "--namespace", absentValue = "") String namespace,
            @Descriptor("the query") String gql) {
        GqlQuery query =
                GqlQuery.newBuilder().setQueryString(gql).setAllowLiterals(true).build();
        if (gql.strip()
                .toUpperCase(Locale.ROOT)
                .matches("(?s)(AGGREGATE|SELECT\\s+(COUNT|COUNT_UP_TO|SUM|AVG)\\s*\\().*")) {
            return PlainValues.write(Entity.newBuilder()
                            .putAllProperties(service.runAggregationQuery(RunAggregationQueryRequest.newBuilder()
                                            .setProjectId(project)
                                            .setPartitionId(partition(project, namespace))
                                            .setGqlQuery(query)
                                            .build())
                                    .getBatch()
                                    .getAggregationResults(0)
                                    .getAggregatePropertiesMap())
                            .build())
                    .toString();
        }
        List<EntityLine> lines = new ArrayList<>();
        for (EntityResult each : service.runQuery(RunQueryRequest.newBuilder()
                        .setProjectId(project)
                        .setPartitionId(partition(project, namespace))
                        .setGqlQuery(query)
                        .build())
                .getBatch()
                .getEntityResultsList()) {
            lines.add(line(each.getEntity()));
        }
        return lines.isEmpty() ? "nothing is found" : lines;
    }

    @Descriptor("writes an entity, in place of one that is there: put Task:17 '{\"done\": true}'")
    public String put(
            @Descriptor(PROJECT_HELP) @Parameter(names = "--project", absentValue = PROJECT) String project,
            @Descriptor(NAMESPACE_HELP) @Parameter(names = "--namespace", absentValue = "") String namespace,
            @Descriptor("Kind:name or Kind:17, after its ancestors") String key,
            @Descriptor("its properties, as an object of JSON") String properties) {
        Key read = KeyText.read(partition(project, namespace), key);
        CommitRequest.Builder commit =
                CommitRequest.newBuilder().setProjectId(project).setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
        commit.addMutationsBuilder().setUpsert(PlainValues.read(properties).setKey(read));
        CommitResponse done = service.commit(commit.build());
        return key + " is written, and " + done.getIndexUpdates() + " rows of indexes with it";
    }
}

package com.espra.protoplex.datastore.server.admin;

import com.espra.protoplex.datastore.model.RefusedException;
import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The paths that google/datastore/admin/v1/datastore_admin.proto and google/longrunning/operations.proto give their calls. */
public final class AdminPath {

    /** The service of the indexes, by its name in gRPC. */
    public static final String INDEXES = "google.datastore.admin.v1.DatastoreAdmin";

    /** That of the operations. */
    public static final String OPERATIONS = "google.longrunning.Operations";

    private static final Pattern PATH = Pattern.compile(
            "/v1/projects/(?<project>[^/]+)/(?<of>indexes|operations)(/(?<id>[^/:]+))?(?<verb>:cancel)?");

    private AdminPath() {}

    /** A call, as gRPC would name it. */
    public record Asked(String service, String method, Message request) {}

    /** Whether a path is one of these. */
    public static boolean isOne(String path) {
        return PATH.matcher(path).matches();
    }

    /**
     * What is asked.
     *
     * @param query the parameters of the URL
     * @param index reads the body as an index
     */
    public static Asked of(String method, String path, Map<String, String> query, UnaryOperator<Message> index) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            throw new IllegalArgumentException(path);
        }
        String project = parts.group("project");
        String id = parts.group("id");
        String what = method + " " + parts.group("of") + (id == null ? "" : "/")
                + (parts.group("verb") == null ? "" : parts.group("verb"));
        String name = "projects/" + project + "/operations/" + id;
        return switch (what) {
            case "GET indexes" ->
                new Asked(
                        INDEXES,
                        "ListIndexes",
                        ListIndexesRequest.newBuilder()
                                .setProjectId(project)
                                .setFilter(query.getOrDefault("filter", ""))
                                .setPageSize(number(query.get("pageSize")))
                                .setPageToken(query.getOrDefault("pageToken", ""))
                                .build());
            case "POST indexes" ->
                new Asked(
                        INDEXES,
                        "CreateIndex",
                        CreateIndexRequest.newBuilder()
                                .setProjectId(project)
                                .setIndex((Index) index.apply(Index.getDefaultInstance()))
                                .build());
            case "GET indexes/" ->
                new Asked(
                        INDEXES,
                        "GetIndex",
                        GetIndexRequest.newBuilder()
                                .setProjectId(project)
                                .setIndexId(id)
                                .build());
            case "DELETE indexes/" ->
                new Asked(
                        INDEXES,
                        "DeleteIndex",
                        DeleteIndexRequest.newBuilder()
                                .setProjectId(project)
                                .setIndexId(id)
                                .build());
            case "GET operations" ->
                new Asked(
                        OPERATIONS,
                        "ListOperations",
                        ListOperationsRequest.newBuilder()
                                .setName("projects/" + project)
                                .setFilter(query.getOrDefault("filter", ""))
                                .setPageSize(number(query.get("pageSize")))
                                .setPageToken(query.getOrDefault("pageToken", ""))
                                .build());
            case "GET operations/" ->
                new Asked(
                        OPERATIONS,
                        "GetOperation",
                        GetOperationRequest.newBuilder().setName(name).build());
            case "DELETE operations/" ->
                new Asked(
                        OPERATIONS,
                        "DeleteOperation",
                        DeleteOperationRequest.newBuilder().setName(name).build());
            case "POST operations/:cancel" ->
                new Asked(
                        OPERATIONS,
                        "CancelOperation",
                        CancelOperationRequest.newBuilder().setName(name).build());
            default -> throw new RefusedException(Code.UNIMPLEMENTED, "there is no such call: " + what);
        };
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new RefusedException(Code.INVALID_ARGUMENT, "pageSize is no number", e);
        }
    }
}

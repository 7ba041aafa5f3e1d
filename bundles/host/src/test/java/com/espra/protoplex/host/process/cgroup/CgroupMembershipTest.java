package com.espra.protoplex.host.process.cgroup;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class CgroupMembershipTest {

    private static final String V1 = "34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory";
    private static final String UNIFIED =
            "30 22 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";

    @Test
    public void whereAllIsV1ThereIsNone() {
        assertEquals(Optional.empty(), of(List.of("4:memory:/user", "1:name=systemd:/user"), V1));
        assertEquals("not mounted", Optional.empty(), of(List.of("4:memory:/user", "0::/user"), V1));
    }

    @Test
    public void aHybridMachineHasItBesideTheOthers() {
        assertEquals(
                membership("/sys/fs/cgroup/unified/a/b", "/sys/fs/cgroup/unified"),
                of(
                        List.of("4:memory:/other", "0::/a/b"),
                        V1,
                        "40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"));
    }

    @Test
    public void aServiceOfSystemdIsBelowItsSlice() {
        assertEquals(
                membership("/sys/fs/cgroup/system.slice/protoplex.service", "/sys/fs/cgroup"),
                of(List.of("0::/system.slice/protoplex.service"), UNIFIED));
    }

    @Test
    public void aContainerSeesItsOwnOnly() {
        assertEquals("a namespace", membership("/sys/fs/cgroup", "/sys/fs/cgroup"), of(List.of("0::/"), UNIFIED));
        assertEquals(
                "a part that is mounted",
                membership("/sys/fs/cgroup/x", "/sys/fs/cgroup"),
                of(List.of("0::/docker/1f/x"), "9 8 0:27 /docker/1f /sys/fs/cgroup ro - cgroup2 cgroup rw"));
        assertEquals(
                "another part",
                Optional.empty(),
                of(List.of("0::/docker/2e"), "9 8 0:27 /docker/1f /sys/fs/cgroup ro - cgroup2 cgroup rw"));
        assertEquals("outside of its namespace", Optional.empty(), of(List.of("0::/../2e"), UNIFIED));
    }

    @Test
    public void aMountPointMayHaveBlanks() {
        assertEquals(
                membership("/my cgroups/a", "/my cgroups"),
                of(List.of("0::/a"), "9 8 0:27 / /my\\040cgroups rw - cgroup2 cgroup rw"));
        assertEquals("half a line", Optional.empty(), of(List.of("0::/a"), "9 8 0:27 / /x rw -"));
    }

    private static Optional<CgroupMembership> of(List<String> cgroup, String... mounts) {
        return CgroupMembership.of(cgroup, List.of(mounts));
    }

    private static Optional<CgroupMembership> membership(String folder, String top) {
        return Optional.of(new CgroupMembership(Path.of(folder), Path.of(top)));
    }
}

package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProbeOutputTest {

    private static final String COMPLETE = """
            Welcome to node 7
            @rowmill
            home /home/me
            system Linux
            machine x86_64
            libc glibc
            boot 1c7f
            processes pid:[4026531836]
            host n7
            installation 9a
            cpus 8
            time 1700000000
            load 0.25
            memory 1024
            disk 2048
            scratch yes
            java 21 /opt/my java/bin/java
            sshfs /usr/bin/sshfs
            option no_contain_symlinks
            fuse yes
            fusermount yes
            install sudo apt-get install sshfs
            cached a.jar
            cached b.jar
            end .
            """;

    @Test
    void aCompleteOutputIsSortedByTheme() {
        NodeProbe probe = ProbeOutput.parse(COMPLETE);

        assertThat(probe.home()).isEqualTo("/home/me");
        assertThat(probe.system()).isEqualTo(new NodeProbe.OperatingSystem("Linux", "x86_64", "glibc"));
        assertThat(probe.machine()).isEqualTo(new Machine("1c7f", "pid:[4026531836]", "n7", "9a"));
        assertThat(probe.capacity().cpus()).isEqualTo(8);
        assertThat(probe.capacity().load()).contains("0.25");
        assertThat(probe.capacity().memoryKiB()).hasValue(1024);
        assertThat(probe.capacity().diskKiB()).hasValue(2048);
        assertThat(probe.java().command()).contains("/opt/my java/bin/java");
        assertThat(probe.java().version()).hasValue(21);
        assertThat(probe.sshfs().isUsable()).isTrue();
        assertThat(probe.sshfs().options()).containsExactly("no_contain_symlinks");
        assertThat(probe.sshfs().installCommand()).isEqualTo("sudo apt-get install sshfs");
        assertThat(probe.clockSeconds()).isEqualTo(1_700_000_000);
        assertThat(probe.hasScratch()).isTrue();
        assertThat(probe.cached()).containsExactlyInAnyOrder("a.jar", "b.jar");
    }

    @Test
    void missingValuesAreUnknown() {
        NodeProbe probe = ProbeOutput.parse("@rowmill\nhome /root\nload \nmemory ?\noldjava 11\nsshfs x\nend .\n");

        assertThat(probe.machine()).isEqualTo(Machine.UNKNOWN);
        assertThat(probe.capacity().cpus()).isOne();
        assertThat(probe.capacity().load()).isEmpty();
        assertThat(probe.capacity().memoryKiB()).isEqualTo(OptionalLong.empty());
        assertThat(probe.java().command()).isEmpty();
        assertThat(probe.java().version()).isEqualTo(OptionalInt.of(11));
        assertThat(probe.sshfs().isInstalled()).isTrue();
        assertThat(probe.sshfs().isUsable()).isFalse();
        assertThat(probe.hasScratch()).isFalse();
    }

    @Test
    void anIncompleteOutputIsQuoted() {
        assertThatThrownBy(() -> ProbeOutput.parse("This account is\nlocked.\n"))
                .hasMessage("the node's shell answered: This account is locked.");
        assertThatThrownBy(() -> ProbeOutput.parse("@rowmill\nhome /root\n")).hasMessageContaining("home /root");
        assertThatThrownBy(() -> ProbeOutput.parse("\n")).hasMessage("the node's shell ended without an answer");
        assertThatThrownBy(() -> ProbeOutput.parse("x".repeat(300))).hasMessageEndingWith("x".repeat(200) + "...");
    }

    @Test
    void aFaultThatTheScriptReportsIsTheMessage() {
        assertThatThrownBy(() -> ProbeOutput.parse("@rowmill\nfault no home\nend .\n"))
                .hasMessage("no home");
    }
}

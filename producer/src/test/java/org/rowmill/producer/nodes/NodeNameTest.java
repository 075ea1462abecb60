package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.cluster.ClusterNode;

class NodeNameTest {

    private static String name(String address, OptionalInt port) {
        return NodeName.of(
                new ClusterNode(address, Optional.empty(), port, Optional.empty(), 0, Optional.empty(), List.of(), 1),
                "head");
    }

    @Test
    void nodesBehindOneAddressHaveNamesOfTheirOwn() {
        assertThat(name("n1", OptionalInt.empty())).isEqualTo("n1");
        assertThat(name("n1", OptionalInt.of(22))).isEqualTo("n1");
        assertThat(name("n1", OptionalInt.of(2201))).isEqualTo("n1:2201");
        assertThat(name("2001:db8::7", OptionalInt.empty())).isEqualTo("2001:db8::7");
        assertThat(name("2001:db8::7", OptionalInt.of(2201))).isEqualTo("[2001:db8::7]:2201");
    }

    @Test
    void noNodeHasTheNameOfTheHead() {
        assertThat(name("head", OptionalInt.empty())).isEqualTo("head:22");
        assertThat(name("head", OptionalInt.of(2201))).isEqualTo("head:2201");
    }
}

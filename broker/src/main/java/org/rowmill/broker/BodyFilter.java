package org.rowmill.broker;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.filter.Filter;
import org.apache.activemq.artemis.selector.filter.Filterable;

/** Selects messages of a queue by their body, which JMS selectors cannot do. */
final class BodyFilter implements Filter {

    private final Predicate<byte[]> body;

    BodyFilter(Predicate<byte[]> body) {
        this.body = body;
    }

    @Override
    public boolean match(Message message) {
        ActiveMQBuffer buffer = message.toCore().getReadOnlyBodyBuffer();
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return body.test(bytes);
    }

    @Override
    public boolean match(Map<String, String> properties) {
        return false;
    }

    @Override
    public boolean match(Filterable filterable) {
        return filterable instanceof Message message && match(message);
    }

    @Override
    public SimpleString getFilterString() {
        return SimpleString.of("body");
    }
}

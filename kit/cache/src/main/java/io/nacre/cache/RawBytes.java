package io.nacre.cache;

import net.rubyeye.xmemcached.transcoders.CachedData;
import net.rubyeye.xmemcached.transcoders.CompressionMode;
import net.rubyeye.xmemcached.transcoders.Transcoder;

/** Bytes as they are. The client's own transcoder would read Java objects that anybody may have put there. */
final class RawBytes implements Transcoder<byte[]> {

    @Override
    public CachedData encode(byte[] value) {
        return new CachedData(0, value);
    }

    @Override
    public byte[] decode(CachedData data) {
        return data.getData();
    }

    @Override
    public void setPrimitiveAsString(boolean primitiveAsString) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setPackZeros(boolean packZeros) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setCompressionThreshold(int size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isPrimitiveAsString() {
        return false;
    }

    @Override
    public boolean isPackZeros() {
        return false;
    }

    @Override
    public void setCompressionMode(CompressionMode mode) {
        throw new UnsupportedOperationException();
    }
}

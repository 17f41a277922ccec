FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx vite build --config web/vite.config.ts && chown -R node:node /app
USER node
ENV CROSSDOCK_DATA=/data CROSSDOCK_HOST=0.0.0.0
EXPOSE 4380
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=60", "src/main.ts"]
CMD ["serve"]
